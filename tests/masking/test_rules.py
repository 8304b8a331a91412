"""The user's own rules, the function's own secrets, and rules that cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aftercall import settings
from aftercall.formats.text import MASKED, WITHHELD
from aftercall.masking.own_values import secrets_of
from aftercall.masking.rules import BASIC, STANDARD, STRICT, Rules, is_like
from aftercall.pipeline.redact import Redactor
from aftercall.settings.masking_rules import masking_rules
from tests.masking.pipeline import Seen, read_back, record_of, sent

if TYPE_CHECKING:
    from pathlib import Path
from typing import Any

EVENT = {
    "detail": {"iban_no": "DE-77", "customer": {"name": "maria", "ref": "C-1"}, "items": [{"sku": "A"}, {"sku": "B"}]},
    "customer_no": "4711-x", "session_count": 4, "token_box": "lid-93aQx7", "note": "see ACME-123456 and maria@example.org",
}  # fmt: skip


def made(tmp_path: Path, file: object = None, **variables: str) -> tuple[Rules, list[str]]:
    environment = {
        f"AFTERCALL_MASKING{name and '_' + name}".replace("_LEVEL", ""): text for name, text in variables.items()
    }
    if file is not None:
        (tmp_path / "aftercall-masking.json").write_text(file if isinstance(file, str) else json.dumps(file))
    environment["LAMBDA_TASK_ROOT"] = str(tmp_path)
    chosen, complaints = settings.read(environment)
    return masking_rules(chosen, environment, complaints), complaints


def exported(rules: Rules, **seen: object) -> dict[str, Any]:
    given = Seen(**{"event": json.dumps(EVENT).encode(), **seen})  # type: ignore[arg-type]
    return read_back(sent(record_of(given, Redactor(bodies=True, rules=rules))))


def event(rules: Rules) -> Any:
    return json.loads(exported(rules)["event"]["text"])


def test_keys_with_and_without_stars(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, KEYS="Customer_No, *_no,re*f")
    assert not complaints
    shown = event(rules)
    assert (shown["customer_no"], shown["detail"]["iban_no"], shown["detail"]["customer"]["ref"]) == (MASKED,) * 3
    assert shown["detail"]["customer"]["name"] == "maria"


@pytest.mark.parametrize(
    ("name", "key", "like"),
    [
        ("ab", "a*", True),
        ("ab", "*b", True),
        ("a", "a*a", False),
        ("aXbYc", "a*b*c", True),
        ("acb", "a*b*c", False),
        ("x", "*", True),
    ],
)
def test_stars(name: str, key: str, like: bool) -> None:
    assert is_like(name, key) is like


def test_values_by_pattern(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, VALUES=r"\bACME-\d{6}\b zzz")
    assert not complaints
    assert event(rules)["note"] == f"see {MASKED} and maria@example.org"


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("event.detail.customer.name", ("detail", "customer", "name")),
        ("event.detail.customer", ("detail", "customer")),
        ("*.detail.items[1].sku", ("detail", "items", 1, "sku")),
        ("event.detail.items[*].sku", ("detail", "items", 0, "sku")),
        ("$.event.session_count", ("session_count",)),
        ("event.*.customer.ref", ("detail", "customer", "ref")),
    ],
)
def test_exact_paths(tmp_path: Path, path: str, at: tuple) -> None:
    rules, complaints = made(tmp_path, PATHS=path)
    assert not complaints
    found: Any = event(rules)
    for step in at:
        found = found[step]
    assert found == MASKED
    if path[0] != "*":
        untouched = exported(Rules(), response=json.dumps(EVENT).encode())["response"]["text"]
        assert exported(rules, response=json.dumps(EVENT).encode())["response"]["text"] == untouched


def test_a_path_goes_on_in_a_string_of_json_and_in_a_cut_document(tmp_path: Path) -> None:
    rules, _ = made(tmp_path, PATHS="event.body.user.nick,event.last.word")
    text = json.dumps({"body": json.dumps({"user": {"nick": "mimi", "age": 7}}), "last": {"word": "something long"}})
    shown = exported(rules, event=text[:-8].encode(), sizes={"event": len(text)})["event"]["text"]
    assert "mimi" not in shown
    assert "something" not in shown
    assert "age" in shown


def test_names_that_are_allowed_stay(tmp_path: Path) -> None:
    assert event(made(tmp_path)[0])["token_box"] == MASKED
    assert event(made(tmp_path, ALLOW="token_box")[0])["token_box"] == "lid-93aQx7"


def test_levels(tmp_path: Path) -> None:
    opaque = "q7Rk29XvLm3TzB8nWc5Yd1Hf6"
    shown = {}
    for level in (BASIC, STANDARD, STRICT):
        rules, complaints = made(tmp_path, LEVEL=level)
        assert rules.level == level
        assert not complaints
        text = f'{{"mail": "maria@example.org", "x": "{opaque}", "y": "AB12cd34'
        shown[level] = exported(rules, event=text.encode(), sizes={"event": 999})["event"]["text"]
    assert opaque in shown[BASIC]
    assert "AB12cd34" in shown[BASIC]
    assert opaque in shown[STANDARD]
    assert "AB12cd34" not in shown[STANDARD]
    assert opaque not in shown[STRICT]
    assert "maria" not in shown[STRICT]


def test_rules_from_a_file_in_the_package(tmp_path: Path) -> None:
    rules, complaints = made(
        tmp_path,
        {
            "level": "strict",
            "keys": ["customer_no"],
            "allow": ["token_box"],
            "exclude_hosts": [".shop.example", "x.example"],
        },
    )
    assert not complaints
    assert rules.level == STRICT
    assert event(rules)["customer_no"] == MASKED
    assert event(rules)["token_box"] == "lid-93aQx7"
    call = exported(rules, url="https://a.shop.example:443/x", request_body=b"plain", response_body=b"plain")["calls"][
        0
    ]
    assert call["excluded"] is True
    assert "body" not in call["request"]


UNREADABLE = {
    "a pattern that backtracks without end": {"VALUES": r"(\w+)\1"},
    "a pattern that is none": {"VALUES": "(["},
    "a key that is none": {"KEYS": "a b|c"},
    "a path without a place": {"PATHS": "detail.iban"},
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_rule_that_cannot_be_read_withholds_everything_and_says_so(tmp_path: Path, case: str) -> None:
    rules, complaints = made(tmp_path, **UNREADABLE[case])
    assert len(complaints) == 1
    assert "withheld" in complaints[0]
    shown = exported(
        rules, request_body=b"plain", request_headers=[("X-Note", "long enough a note")], url="https://h.example/a?b=c"
    )
    assert shown["event"]["text"] == shown["calls"][0]["request"]["body"]["text"] == WITHHELD
    assert shown["calls"][0]["request"]["headers"] == [["X-Note", WITHHELD]]
    assert shown["calls"][0]["url"] == f"https://h.example/{WITHHELD}"


def test_a_broken_path_withholds_its_place_alone(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, PATHS="event.a..b")
    assert len(complaints) == 1
    shown = exported(rules, response=b'{"ok": 1}')
    assert shown["event"]["text"] == WITHHELD
    assert shown["response"]["text"] == '{"ok": 1}'


@pytest.mark.parametrize("file", ["{", "[]", '{"pahts": []}', '{"keys": "x"}', '{"keys": [1]}', "x" * 300_000])
def test_a_rules_file_that_cannot_be_read_withholds_everything(tmp_path: Path, file: str) -> None:
    rules, complaints = made(tmp_path, file)
    assert len(complaints) == 1
    assert str(tmp_path) in complaints[0]
    assert rules.level == STRICT
    assert exported(rules)["event"]["text"] == WITHHELD


def test_a_rules_file_that_is_named_and_not_there(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, FILE=str(tmp_path / "none.json"))
    assert "none.json: No such file" in complaints[0]
    assert exported(rules)["event"]["text"] == WITHHELD


def test_an_unknown_level_is_read_as_strict(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, LEVEL="paranoid")
    assert rules.level == STRICT
    assert complaints == ["AFTERCALL_MASKING ('paranoid'): basic, standard, strict are known; strict is used"]


def test_an_unknown_level_of_a_file_is_told_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text('{"level": "paranoid"}')
    rules, complaints = made(tmp_path, FILE=str(tmp_path / "rules.json"))
    assert rules.level == STRICT
    assert complaints == [
        f"level in masking rules {tmp_path / 'rules.json'} ('paranoid'): basic, standard, strict are known; strict is used"
    ]


def test_names_in_other_letters_are_masked_unless_they_are_allowed(tmp_path: Path) -> None:
    body = {"пароль": "short-but-real-1", "Пароль_бд": "short-but-real-2", "имя": "мария"}
    for text in (json.dumps(body), json.dumps(body, ensure_ascii=False)):
        shown = exported(made(tmp_path, {})[0], event=text.encode())["event"]["text"]
        assert json.loads(shown) == {"пароль": MASKED, "Пароль_бд": MASKED, "имя": "мария"}
        shown = exported(made(tmp_path, {"allow": ["пароль"]})[0], event=text.encode())["event"]["text"]
        assert json.loads(shown) == body


def test_what_is_both_allowed_and_masked_is_masked(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, KEYS="*_no", ALLOW="customer_no")
    assert complaints == ["masking allows 'customer_no' and masks '*_no': it is masked"]
    assert event(rules)["customer_no"] == MASKED


def test_the_functions_own_secrets_are_masked_wherever_they_stand() -> None:
    environment = {
        "DB_PASSWORD": 'tiger"wood & co 77', "PARTNER": "Zx81Kq92Lm03Tv74Bn65Rw", "AWS_REGION": "eu-west-1", "STAGE": "production",
        "TABLE_NAME": "orders-prod", "API_KEY_HEADER": "x-partner-key", "SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:x",
        "AWS_SESSION_TOKEN": "short-but-real-1", "MAX_TOKENS": "100000", "FEATURE": "password-reset",
    }  # fmt: skip
    assert sorted(name for name, _ in secrets_of(environment)) == ["AWS_SESSION_TOKEN", "DB_PASSWORD", "PARTNER"]
    rules = Rules()
    rules.environment = secrets_of(environment)
    text = json.dumps(
        {"a": 'we say tiger"wood & co 77 to all in eu-west-1', "b": "orders-prod Zx81Kq92Lm03Tv74Bn65Rw."}
    )
    shown = exported(
        rules, event=text.encode(), url="https://h.example/a/Zx81Kq92Lm03Tv74Bn65Rw?q=tiger%22wood%20%26%20co%2077",
        error_type="E", error_message="no short-but-real-1 here", request_body=b"x=tiger%22wood+%26+co+77&y=Zx81Kq92Lm",
        sizes={"request_body": 99},
    )  # fmt: skip
    written = json.dumps(shown)
    assert not any(piece in written for piece in ("tiger", "Zx81", "short-but"))
    assert all(word in written for word in ("eu-west-1", "orders-prod", "we say"))


@pytest.mark.parametrize("length", range(6, 20))
def test_the_beginning_of_the_functions_own_secret_is_masked_where_a_text_is_cut(length: int) -> None:
    """At the level that masks no other last word."""
    rules = Rules()
    rules.level = BASIC
    rules.environment = (("PARTNER", (b"plain words of a partner",)),)
    cut = f"it is {'plain words of a partner'[:length]}"
    shown = exported(rules, event=cut.encode(), sizes={"event": 99})["event"]["text"]
    assert shown == f"it is {MASKED}"


def test_the_log_masks_the_functions_own_secrets_too() -> None:
    rules = Rules()
    rules.environment = (("PARTNER", (b"plainword",)),)
    line = sent(record_of(Seen(url="https://h.example/a/plainword/b"), Redactor(bodies=False, rules=rules)))["log"]
    assert "plainword" not in line
    assert "h.example/a/" in line


@pytest.mark.parametrize("host", ["https://vault.example.com/v1", "api.*.example.com", "*", "vault example"])
def test_a_host_that_is_none_withholds_bodies_and_says_so(tmp_path: Path, host: str) -> None:
    rules, complaints = made(tmp_path, json.dumps({"exclude_hosts": [host]}))
    assert len(complaints) == 1
    assert "masking host" in complaints[0]
    assert rules.withholds("request")
    assert rules.withholds("event")


@pytest.mark.parametrize("host", ["Vault.example.com", "vault.example.com:8200", ".example.com", "*.example.com"])
def test_hosts_of_a_file_are_kept_out(tmp_path: Path, host: str) -> None:
    rules, complaints = made(tmp_path, json.dumps({"exclude_hosts": [host]}))
    assert not complaints
    assert rules.excludes("vault.example.com:8200" if host.endswith("8200") else "vault.example.com")
    assert not rules.excludes("example.org")


@pytest.mark.parametrize(
    ("host", "shown"),
    [("shop.example", None), ("*.example", None), ("Shop.Example", None), ("shop.example.org", "a: 1")],
)
def test_bodies_of_a_host_that_the_file_alone_names_are_left_out(tmp_path: Path, host: str, shown: str | None) -> None:
    """The wrapper does not read the file, so these bodies are in the spool."""
    rules, _ = made(tmp_path, json.dumps({"exclude_hosts": [host]}))
    seen = Seen(url="https://shop.example/orders", request_body=b"a: 1", response_body=b"a: 1")
    (call,) = record_of(seen, Redactor(bodies=True, rules=rules)).calls
    assert [body and body.text for body in (call.request_body, call.response_body)] == [shown, shown]
    assert call.excluded == (shown is None)


def test_so_they_are_if_a_fault_keeps_recognition_from_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    rules, _ = made(tmp_path, json.dumps({"exclude_hosts": ["shop.example"]}))
    monkeypatch.setattr("aftercall.pipeline.recognise.messages_of", broken)
    seen = Seen(url="https://shop.example/orders", request_body=b"a: 1", response_body=b"a: 1")
    (call,) = record_of(seen, Redactor(bodies=True, rules=rules)).calls
    assert call.excluded
    assert (call.request_body, call.response_body) == (None, None)


def test_an_allowed_name_with_a_star_allows_nothing_and_says_so(tmp_path: Path) -> None:
    rules, complaints = made(tmp_path, ALLOW="pass*")
    assert complaints == ["masking allows 'pass*': whole names are needed, without *; it allows nothing"]
    assert not rules.allows("password")
