"""No control character of a function's reaches the terminal of who runs it; its lines do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from aftercall.command.run.report import JsonReport, Report, TextReport
from aftercall.sandbox import LogLine

CONTROLS = [chr(code) for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t\r"]
SAID = {
    "each control character": "".join(f"a{control}b" for control in CONTROLS),
    "colours": "\x1b[31mred\x1b[0m",
    "a window's title": "\x1b]0;owned\x07",
    "the screen cleared": "\x1b[2J\x1b[H",
    "one byte for two": "\x9b31m",
    "lines of a runtime": "Traceback\r  File x\rValueError: y",
    "an overwritten line": "error: denied\rok            ",
}


NUMBERS = ("init_duration", "responded_at", "started_at", "duration", "billed_duration", "max_memory_mb")


def _outcome(said: str) -> Any:
    said_too = {"request_id": "r", "error_type": said, "response": said.encode(), "error": said.encode()}
    return SimpleNamespace(status="error", telemetry=[], **said_too, **dict.fromkeys(NUMBERS, 1))


@pytest.mark.parametrize("report", [TextReport(), JsonReport()], ids=["text", "JSON"])
@pytest.mark.parametrize("name", SAID)
def test_what_a_function_says_is_printable(name: str, report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    said = SAID[name]
    report.notice(said)
    report.line(LogLine(1.0, "function", "f", said))
    report.outcome(1, _outcome(said))
    printed = "".join(capsys.readouterr())
    assert not [control for control in (*CONTROLS, "\r") if control in printed]


def test_lines_stay_lines(capsys: pytest.CaptureFixture[str]) -> None:
    TextReport().line(LogLine(1.0, "function", "f", SAID["lines of a runtime"]))
    assert "Traceback\n  File x\nValueError: y\n" in capsys.readouterr().out
