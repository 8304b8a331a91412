"""`aftercall check` as its user meets it: a process, its output and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.masking.pipeline import Seen, failed_init, segment

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2-Zx81-correct-horse"
WORDS = "correct-horse-battery"
"""A secret that nothing but a rule tells from a name."""


def check(*arguments: object, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "aftercall.command", "check", *map(str, arguments)],
        input=given, capture_output=True, timeout=120, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"user": "maria", "password": SECRET, "n": 1}))
    return path


def test_it_shows_what_leaves_and_by_which_rule_the_rest_does_not(event: Path) -> None:
    done = check(event)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode()
    assert '"user": "maria"' in shown
    assert "1 masked by name:password" in shown
    assert SECRET not in shown
    assert shown.startswith(f"{event}\n")  # a text has no request id


def test_colour_where_a_person_looks(event: Path) -> None:
    assert b"\x1b[1;32m<masked>" in check(event, FORCE_COLOR="1", TERM="xterm-256color").stdout
    assert b"\x1b[" not in check(event).stdout


def test_a_secret_that_would_leave_is_status_1_however_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"maria says {SECRET}")
    (tmp_path / "secret.txt").write_text(SECRET + "\n")
    for way in (SECRET, f"@{tmp_path / 'secret.txt'}", "env:GIVEN"):
        done = check(tmp_path / "note.txt", "--secret", way, GIVEN=SECRET)
        assert done.returncode == 1
        assert b"would leave by json, otlp" in done.stderr
        assert SECRET.encode() not in done.stderr


def test_a_secret_that_is_masked_is_status_0(event: Path) -> None:
    assert check(event, "--secret", SECRET).returncode == 0


def test_a_secret_in_base64_would_leave_too(tmp_path: Path) -> None:
    import base64

    path = tmp_path / "body.txt"
    path.write_bytes(base64.b64encode(b"maria says " + SECRET.encode()))
    assert check("--as", "request", path, "--secret", SECRET).returncode == 1


def test_the_functions_variables_and_rules_hold(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f'{{"says": "{SECRET}", "customer": "C-77"}}')
    (tmp_path / "rules.json").write_text('{"keys": ["customer"]}')
    done = check(
        tmp_path / "note.txt",
        "--env",
        f"PARTNER_TOKEN={SECRET}",
        "--rules",
        tmp_path / "rules.json",
        "--secret",
        SECRET,
    )
    assert done.returncode == 0
    assert b"masked by variable:PARTNER_TOKEN" in done.stdout
    assert b"C-77" not in done.stdout


def test_a_recorded_spool_as_file_as_folder_and_from_standard_input(tmp_path: Path) -> None:
    seen = Seen(
        url=f"https://h.example/?token={SECRET}", request_headers=[("Authorization", SECRET), ("Accept", "text/html")],
        request_body=f"pwd={SECRET}&a=b".encode(),
    )  # fmt: skip
    recorded = segment(seen.frames())
    (tmp_path / "17-7-1.segment").write_bytes(recorded)
    for done in (check(tmp_path), check(tmp_path / "17-7-1.segment"), check("-", given=recorded)):
        assert done.returncode == 0, done.stderr
        assert b"text/html" in done.stdout
        assert b"masked by name:pwd" in done.stdout
        assert SECRET.encode() not in done.stdout
    assert check(tmp_path, "--secret", SECRET).returncode == 0
    assert check(tmp_path, "--secret", "text/html").returncode == 1


def test_the_log_is_looked_at_too(tmp_path: Path) -> None:
    """Another redactor makes its line: one that shows no bodies."""
    (tmp_path / "17-7-1.segment").write_bytes(segment(Seen(url=f"https://h.example/of/{WORDS}/x").frames()))
    done = check(tmp_path, "--secret", WORDS)
    assert done.returncode == 1
    assert b"would leave by log, json, otlp" in done.stderr
    assert check(tmp_path, "--secret", WORDS, "--env", f"API_TOKEN={WORDS}").returncode == 0


def test_an_init_that_failed_is_looked_at(tmp_path: Path) -> None:
    error = json.dumps({"errorType": "E", "errorMessage": f"maria says {SECRET}"}).encode()
    (tmp_path / "error.json").write_bytes(error)
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "17-7-1.segment").write_bytes(segment(failed_init(error)))
    for given in ([tmp_path / "spool"], ["--as", "init-error", tmp_path / "error.json"]):
        done = check(*given, "--secret", SECRET)
        assert done.returncode == 1, done.stderr
        assert b"would leave by log, json, otlp" in done.stderr
        assert b"maria says" in done.stdout


def test_wrong_usage_is_status_2_in_one_line(tmp_path: Path) -> None:
    for arguments in (
        [],
        [tmp_path / "none.json"],
        [tmp_path],
        ["-", "--secret", "env:NOT_THERE_1"],
        ["-", "--secret", "abc"],
    ):
        done = check(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.decode().strip().splitlines()) <= 4


def test_help_helps() -> None:
    assert b"Examples:" in check("--help").stdout


def test_a_rule_that_cannot_be_read_is_told(event: Path) -> None:
    done = check(event, "--env", "AFTERCALL_MASKING_VALUES=([")
    assert b"withheld" in done.stderr
    assert b"maria" not in done.stdout
    assert done.returncode == 2


def test_json_has_all_that_people_are_shown(event: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"maria says {SECRET}")
    done = check(event, tmp_path / "note.txt", "--json", "--secret", SECRET)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["input"], first["masked"], first["leaks"]) == (str(event), {"name:password": 1}, {})
    assert (first["document"]["event"], first["withheld"]) != ("", None)
    assert second["leaks"] == {"secret 1": ["json", "otlp"]}
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_variable_that_is_not_known_is_warned_of(event: Path) -> None:
    done = check(event, "--env", "AFTERCALL_MASKING_KEY=user", "--env", "SHOP_MODE=a")
    warning = "aftercall does not read AFTERCALL_MASKING_KEY: did you mean AFTERCALL_MASKING_KEYS?"
    assert done.stderr.decode() == f"aftercall check: warning: {warning}\n"
