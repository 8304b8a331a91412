"""A fault in any stage of masking withholds the value: it is never sent, and it is counted."""

from __future__ import annotations

import base64
import gzip
import importlib
import inspect
import json
import sys
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pytest

from aftercall import masking
from aftercall.command.check.leaks import leaked
from aftercall.http1 import message
from aftercall.masking import foreign_names, names, scan, scanner, under_name
from aftercall.masking.automaton import Automaton
from aftercall.masking.paths import Path
from aftercall.masking.patterns import Pattern
from aftercall.masking.rules import STRICT, Rules
from aftercall.pipeline.redact import Redactor
from aftercall.recognition import calls, events
from aftercall.recognition.operation import Operation
from aftercall.recognition.trigger import Trigger
from tests.masking.pipeline import Seen, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTSIDE = (
    "pipeline.redact", "pipeline.redact_recognised", "pipeline.coded_body", "http1.captured", "http1.message",
    "formats.text", "formats.urls",
)  # fmt: skip
NO_STAGES = {"rules_source", "own_values", "shown_value", "secret_words", "_scanner"}
"""Of masking: they make the rules, mask what a log line says of a setting, hold words, or are no Python."""

MODULES = (
    *OUTSIDE,
    *(f"masking.{module.name}" for module in iter_modules(masking.__path__) if module.name not in NO_STAGES),
)
"""All that a value passes on its way from the spool to a record."""

SECRET = "hunter2-Zx81-correct-horse"
TOKEN = "ghp_" + "a1B2" * 9
INNER = json.dumps({"password": SECRET})
BODY = "\n".join(
    [
        json.dumps(
            {
                "password": SECRET, "pass\u00e4": 1, "credentials": {"a": [SECRET, 12345678], "type": "x"}, "note": f"use {TOKEN} /x",
                "text": INNER, "coded": base64.b64encode(INNER.encode()).decode(), "lines": "a\nb\\n",
                "percent": "%7B%22password%22%3A%22" + SECRET + "%22%7D", "card": "4111 1111 1111 1111", "mail": "jo@shop.example",
                "url": f"postgres://app:{SECRET}@db/x", "pair": [{"name": "password", "value": SECRET}, {"value": SECRET, "name": "token"}, {"id": "token"}],
                "session": {"id": SECRET, "type": "x"}, "rawHeaders": ["Host", "h", "x-api-key", SECRET], "smtp": f"smtps://jo%40h.example:{SECRET}%2Fx@h:465",
                "cookie": f"cookie={SECRET}; sid={SECRET}", "header": ["x-api-key", SECRET], "key": "-----BEGIN PRIVATE KEY-----" + SECRET, "a": {"b": SECRET},
                "token": "IQoJb3JpZ2luX2Vj" + "aB1/" * 20, "jwt": "eyJhbGciOiJIUzI1NiJ9.e30." + "aB1-" * 9, "openai": "sk-" + "aB1x" * 12, "render": "rnd_" + "aB1x" * 8,
                "aws": ["AKIAABCDEFGHIJKLMNOP", "aB/1" * 10], "hook": "https://hooks.slack.com/services/" + SECRET, "opaque": "q7Rk29XvLm3TzB8nWc5Yd1Hf6",
                "privateKey": [*range(16)],
            }
        ).replace("hunter2", "\\u0068unter2", 1),
        f"<password>{SECRET}</password><password><![CDATA[{SECRET}]]></password><Key>password</Key><Value>{SECRET}</Value>",
        f'<add key="password" value="{SECRET}"/> &lt;password&gt;{SECRET}&lt;/password&gt; &lt;k&gt;password&lt;/k&gt;&lt;value&gt;{SECRET}&lt;/value&gt;',
        f"Authorization: Bearer {SECRET}\ntool --password {SECRET}\ninvalid token '{SECRET}' ['--token', '{SECRET}']\n\"/app/password\": 1",
        f'"Name": "/app/password", "Value": "{SECRET}"\ncurl -u jo:{SECRET}\njo:{SECRET}@tcp(h:1)\npassword: |\n  {SECRET}\n s:5:"token";s:26:"{SECRET}";',
        f'Content-Disposition: form-data; name="password"\r\n\r\n{SECRET}\r\n--b\r\nContent-Disposition: form-data; name=password\r\n\r\n{SECRET}\r\n--b\r\nContent-Disposition: form-data; name="user[password]"\r\n\r\n{SECRET}\r\n--b',
        f'SELECT 1 WHERE password = $1 -- PARAMETERS: ["{SECRET}"]\nsecrets:\n  - db_password\n',
        f"<td>Password</td><td>{SECRET}</td>",
        f"\ncargo login {SECRET}\necho {SECRET} | sudo -S true",
        f"\ncode={SECRET}&b=1",
    ]
)  # fmt: skip
PIECES = {SECRET[:8], SECRET[8:16], "a1B2a1B2", "aB1/aB1/", "aB1-aB1-", "aB1xaB1x"}


@pytest.fixture(autouse=True)
def found_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition finds an operation and a trigger, with secrets in their texts."""
    operation, trigger = Operation("aws"), Trigger("sqs", "pubsub")
    operation.resource = trigger.resource = f"a/{TOKEN}/password={SECRET}"
    operation.attributes = trigger.attributes = {"a": [f"token={SECRET}"], "b": TOKEN}
    operation.sent = trigger.received = [f"s3:b/password={SECRET}@1"]
    operation.links = trigger.links = [("ab" * 16, "cd" * 8)]
    operation.pointers = [("a", "ab" * 16)]
    monkeypatch.setattr(calls, "operation_of", lambda *_: operation)
    monkeypatch.setattr(events, "trigger_of", lambda *_: trigger)


def seen() -> Seen:
    return Seen(
        event=json.dumps({"a": {"b": SECRET, "c": json.dumps([SECRET])}, "body": BODY}).encode(), response=(BODY + ' "password": "half of').encode(),
        url=f"https://jo:{SECRET}@h.example:8443/a/{TOKEN}/b?token={SECRET}&to=https%3A%2F%2Fx%2F%3Ftoken%3D{SECRET}", proxy=f"http://p:{SECRET}/x@proxy",
        request_headers=[("Cookie", f"a={SECRET}"), ("X-Api-Key", SECRET), ("X-Note", f"this is {TOKEN}"), ("Content-Encoding", "identity, gzip")],
        response_headers=[("Content-Type", "application/json; charset=utf-8"), ("Location", f"https://h.example/?token={SECRET}")],
        request_body=b"\x1f\x8b not gzip", response_body=BODY.encode(), chunked=True,
        error_type="E", error_message=f"password={SECRET} " + "and so on " * 120, sizes={"response": 99_999},
    )  # fmt: skip


def parsed() -> Seen:
    """A client that hands over heads and bodies; an error whose stack is no text; a text cut in a word; gzip in base64."""
    packed = base64.b64encode(gzip.compress(INNER.encode(), mtime=0)).decode()
    return Seen(
        event=json.dumps({"awslogs": {"data": packed}, "headers": {}, "body": base64.b64encode(f"says password={SECRET}".encode()).decode(), "isBase64Encoded": True}).encode(), request_body=f"see {SECRET}".encode(), parsed=True, sizes={"request_body": 99},
        error=json.dumps({"errorMessage": SECRET[:0], "errorType": 7, "stackTrace": None, "stack": f"password={SECRET}"}).encode(),
    )  # fmt: skip


DECIDED = "\n".join(
    [
        json.dumps({"n": 4111111111111111, "of": [4111111111111111]}), f"a password=){SECRET} page=2", f"password=,{SECRET}", '"token": "1.2.3"',
        json.dumps({"routing_key": "orders.created", "lookup_key": "8f507cfc-0000-4697-b07a-ac58fc914c95", "events_key": SECRET + "-aB1aB1aB1aB1aB1aB1", "password": "password", "sid": "AC0123456789abcdef0123456789abcdef",
                    "credentials": "/etc/keys/app.json", "secretKey": "${DB_PASSWORD}", "token": "{{ vault.dbPass }}", "refresh_tokens": [SECRET], "code": "abcdefgh-ijklmnop"}),
        json.dumps({"пароль": SECRET}), json.dumps({"пароль": SECRET}, ensure_ascii=False), "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C=" + SECRET,
        f"{{SSHA}}{SECRET}aB1/ $2b$12$aB1/aB1/aB1/aB1/aB1/aB1/aB1/aB1/ aB18Q~{'aB1-' * 8}ab DE89370400440532013000 DE89 3704 0044 0532 0130 00",
        json.dumps({"grant_type": "authorization_code", "code": SECRET}), f'<entry key="password">{SECRET}</entry><password><a>{SECRET}</a></password>',
        f"INSERT INTO users (name, password) VALUES ('jo', '{SECRET}')", json.dumps({"Statement": "SELECT 1 WHERE password = ?", "Parameters": [SECRET]}),
        f"\npassword:\n  default: {SECRET}\n\nname,password,city\njo,{SECRET},b\n\n| key | value |\n| password | {SECRET} |", f'\nvariable "password" {{\n  default = "{SECRET}"\n}}\nPassword for jo: {SECRET}\nkind: Secret\ndata:\n  x: {SECRET}\n',
        f"no user for token, expected '{SECRET}' in 'a' {SECRET}",
        json.dumps({"UpdateExpression": "SET password = :p", "ExpressionAttributeValues": {":p": {"S": SECRET}}}), '{"a:1,"b":[2],"password":"' + SECRET + '"}',
    ]
)  # fmt: skip


def decided() -> Seen:
    """What only single deciders look at; a body that is cut behind a value, before its name."""
    return Seen(
        event=DECIDED.encode(), url=f"https://h.example/a?token={SECRET};{SECRET}&key=images/cat.png&пароль={SECRET}", sizes={"response_body": 9_999},
        proxy=f"http://proxy/?a=1;token={SECRET};{SECRET}",
        request_headers=[("Cookie", "theme=midnight-blue; lang=portuguese; promo=spring2025; _ga=GA1.2.5f4dcc3b5aa765d6.1746094500"), ("Authorization", f'Digest username="jo", response="{SECRET}"')], response_body=f'{{"value": "{SECRET}", "na'.encode(),
    )  # fmt: skip


def rules() -> Rules:
    made = Rules()
    made.level = STRICT
    made.paths = (Path("event.a.b"), Path("event.a.c[0]"), Path("*.credentials"))
    made.patterns = (Pattern("hunter[0-9]-Zx"),)
    made.keys = ("customer*",)
    made.environment = (("PARTNER", (b"correct-horse",)),)
    made.excluded_hosts = ("vault.example",)
    return made


def stages() -> Iterator[tuple[Any, str]]:
    """Every function and method of these modules, and what holds it."""
    for name in MODULES:
        module = importlib.import_module(f"aftercall.{name}")
        for attribute, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                yield module, attribute
            elif inspect.isclass(value):
                yield from ((value, method) for method, code in vars(value).items() if inspect.isfunction(code))


STAGES = list(stages())
OF_READING_RULES = {
    *(f"Automaton.{name}" for name, value in vars(Automaton).items() if inspect.isfunction(value)),
    *(
        "Path.__init__",
        "Pattern.__init__",
        "patterns._boundary",
        "Rules.__init__",
        "Redactor.__init__",
        "RecognisedRedactor.__init__",
    ),
} - {"Automaton.after", "Automaton.before"}
"""Done before there is a value: tests/masking/test_rules.py has their faults."""

OF_OUR_OWN_MESSAGES = {
    *(
        "CountedBody.__init__",
        "CountedBody.read",
        "ReceiveBuffer.add",
        "ReceiveBuffer.take_head",
        "message.take_message",
    ),
    "ProtocolError.__init__",
}
"""Or of captured bytes that make no sense, or have no start line."""

OF_THE_VOCABULARY = {"Vocabulary.__init__", "scan._set", "by_command._options", "by_command._places"}
"""Made when the package is loaded."""

NOT_HERE = OF_READING_RULES | OF_OUR_OWN_MESSAGES | OF_THE_VOCABULARY | {"redact_url.without_query"}
"""The last is for the log's line alone."""


def exported_of(redactor: Redactor, plain: Redactor) -> dict[str, str]:
    """By the user's rules and by none."""
    others = {"parsed": record_of(parsed(), redactor), "decided": record_of(decided(), plain)}
    return sent(record_of(seen(), redactor)) | {name: sent(record)["json"] for name, record in others.items()}


def named(holder: Any, stage: str) -> str:
    return f"{holder.__name__.rpartition('.')[2]}.{stage}"


@pytest.mark.parametrize(("holder", "stage"), STAGES, ids=[named(*stage) for stage in STAGES])
def test_a_fault_withholds_the_value_and_is_counted(monkeypatch: pytest.MonkeyPatch, holder: Any, stage: str) -> None:
    whole = getattr(holder, stage)
    names._known.clear()
    message._fields.clear()
    under_name._known.clear()
    foreign_names._finders.clear()
    if whole.__module__ == scan.__name__ or whole is scanner._without_nothing:
        monkeypatch.setattr(scanner, "compiled", None)
    redactors = Redactor(bodies=True, rules=rules()), Redactor(bodies=True)
    reached = 0

    def broken(*_: object, **__: object) -> None:
        nonlocal reached
        reached += 1
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(holder, stage, broken)
    for other in [other for name, other in sys.modules.items() if name.startswith("aftercall.")]:
        for name, value in list(vars(other).items()):
            if value is whole:
                monkeypatch.setattr(other, name, broken)
            elif isinstance(value, tuple) and whole in value:  # a table of functions
                monkeypatch.setattr(other, name, tuple(broken if one is whole else one for one in value))
    try:
        exported = exported_of(*redactors)
    except RuntimeError:
        assert reached
        return  # the pipeline leaves the record out, and counts it
    assert bool(reached) == (named(holder, stage) not in NOT_HERE)
    assert not reached or sum(redactor.withheld for redactor in redactors) >= 1
    assert not any(leaked(text, PIECES) for text in exported.values())


def test_without_a_fault_nothing_is_withheld_and_nothing_leaks() -> None:
    redactors = Redactor(bodies=True, rules=rules()), Redactor(bodies=True)
    exported = exported_of(*redactors)
    assert [redactor.withheld for redactor in redactors] == [0, 0]
    assert not [found for text in exported.values() for found in leaked(text, PIECES)]


def test_a_pattern_that_leads_to_too_many_states_withholds_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aftercall.masking.patterns.MAX_ROWS", 20)
    rules = Rules()
    rules.patterns = (Pattern("(a|b)*a(a|b){12}c"),)
    redactor = Redactor(bodies=True, rules=rules)
    exported = sent(record_of(Seen(event=b"aabababbabbabababbababbaabb" * 9), redactor))
    assert redactor.withheld >= 1
    assert "aabab" not in exported["json"]
