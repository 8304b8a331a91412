"""What recognition found leaves without secrets, and the same on both sides of a hop."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftercall.command.check.leaks import leaked
from aftercall.formats.text import MASKED
from aftercall.masking.paths import Path
from aftercall.masking.patterns import Pattern
from aftercall.masking.plain_name import is_plain_id, is_plain_name
from aftercall.masking.redact_text import redact_text
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import Rules
from aftercall.pipeline import recognise
from aftercall.pipeline.limit import limit
from aftercall.pipeline.model import Call, Invocation
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.stages import Stages
from aftercall.pipeline.tries import tries_of
from aftercall.recognition import calls, events, flow
from aftercall.recognition.dynamodb_items import item_hash, key_hash
from aftercall.recognition.operation import Operation
from aftercall.recognition.trigger import Trigger
from tests.masking.pipeline import REQUEST_ID, Seen, frames_of, invocation_of, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.pipeline.record import InvocationRecord
    from aftercall.recognition.exchange import Exchange

TOKEN = "ghp_" + "a1B2" * 9
UUID = "8f507cfc-0000-4697-b07a-ac58fc914c95"
ETAG = "9a0364b9e99bb480dd25e1f0284c8555"


def recorded(
    operation: Operation | None = None,
    trigger: Trigger | None = None,
    *,
    bodies: bool = True,
    rules: Rules | None = None,
) -> InvocationRecord:
    raw = Invocation(REQUEST_ID)
    raw.status, raw.start, raw.end = "ok", 1, 2
    raw.trigger = trigger
    call = raw.calls["a" * 16] = Call("a" * 16)
    call.method, call.url, call.status, call.operation = (
        "POST",
        "https://dynamodb.eu-west-1.amazonaws.com/",
        200,
        operation,
    )
    return limit(Redactor(bodies=bodies, rules=rules).record(raw))


def an_operation(**given: Any) -> Operation:
    operation = Operation("aws")
    operation.service, operation.name, operation.resource = "DynamoDB", "PutItem", "orders"
    for name, value in given.items():
        setattr(operation, name, value)
    return operation


def a_trigger(**given: Any) -> Trigger:
    trigger = Trigger("sqs", "pubsub")
    for name, value in given.items():
        setattr(trigger, name, value)
    return trigger


TEXTS: dict[str, Callable[[str], Any]] = {
    "resource": str,
    "span_name": lambda secret: f"send {secret}",
    "attributes": lambda secret: {"aws.s3.key": secret, "aws.dynamodb.table_names": ["a", secret]},
    "received": lambda secret: [f"s3:bucket/{secret}@{ETAG}", f"sqs:{secret}", f"states:{secret}", secret],
    "pointers": lambda secret: [(secret, "ab" * 16), ("aws.s3.object", secret)],
    "links": lambda secret: [(secret, secret), ("ab" * 16, f"{secret}-")],
}
OF_OPERATIONS: dict[str, Callable[[str], Any]] = {
    **TEXTS,
    **dict.fromkeys(("api", "service", "name", "region", "error_code", "request_id", "extended_request_id"), str),
    "invocation_id": str,
    "kind": str,
    "url_template": lambda secret: f"/users/{secret}/{{id}}",
    "sent": lambda secret: [f"dynamodb:{secret}/key:{secret}", f"kinesis:shardId-1:{secret}", f"apigateway:{secret}"],
}
OF_TRIGGERS: dict[str, Callable[[str], Any]] = {
    **TEXTS,
    **dict.fromkeys(("source", "kind", "span_kind", "operation", "tenant"), str),
    "nested": lambda secret: [a_trigger(resource=secret, nested=[a_trigger(received=[f"sns:{secret}"])])],
}
SECRETS = {
    "token": TOKEN,
    "named": "password=hunter2-Zx81",
    "card": "4111111111111111",
    "bearer": "Bearer q7Rk29XvLm3TzB8nWc5Yd1Hf6",
}


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("of", "place"), [("call", name) for name in OF_OPERATIONS] + [("event", name) for name in OF_TRIGGERS]
)
def test_no_secret_leaves_in_any_text(of: str, place: str, secret: str, *, bodies: bool) -> None:
    if of == "call":
        record = recorded(an_operation(**{place: OF_OPERATIONS[place](SECRETS[secret])}), bodies=bodies)
    else:
        record = recorded(trigger=a_trigger(**{place: OF_TRIGGERS[place](SECRETS[secret])}), bodies=bodies)
    hidden = SECRETS[secret].removeprefix("password=").removeprefix("ghp_").removeprefix("Bearer ")
    pieces = {hidden[at : at + 8] for at in range(len(hidden) - 7)}
    assert not [found for text in sent(record).values() for found in leaked(text, pieces)]


@pytest.mark.parametrize("place", ["resource", "span_name", "received", "attributes"])
def test_the_functions_own_rules_hold_too(place: str) -> None:
    rules = Rules()
    rules.environment = (("DB_PASSWORD", (b"tiger7",)),)
    for record in (
        recorded(an_operation(**{place: OF_OPERATIONS[place]("a-tiger7-b")}), rules=rules),
        recorded(trigger=a_trigger(**{place: OF_TRIGGERS[place]("a-tiger7-b")}), rules=rules),
    ):
        assert not any("tiger7" in text for text in sent(record).values())


def test_a_rule_that_cannot_be_read_withholds_all_of_it() -> None:
    rules = Rules()
    rules.withheld = frozenset({"event"})
    record = recorded(an_operation(), a_trigger(resource="orders"), rules=rules)
    assert record.calls[0].operation is None
    assert record.trigger is not None
    assert (record.trigger.kind, record.trigger.source, record.trigger.resource) == ("pubsub", "", "")


KEYS = [
    flow.sqs(UUID),
    flow.sns(UUID),
    flow.eventbridge(UUID),
    flow.lambda_(UUID),
    flow.s3("receipts", "2026/a b.json", ETAG),
    flow.s3("receipts", "1.json", f"{ETAG}-12"),
    flow.s3("receipts", "gone.json", ""),
    flow.api_gateway("JKJaXmPLvHcESHA="),
    flow.kinesis("shardId-000000000006", "49590338271490256608559692538361571095921575989136588898"),
    flow.ses("0100018f3a2b4c5d-1a2b3c4d-1a2b-3c4d-5e6f-1a2b3c4d5e6f-000000"),
    flow.dynamodb_key("orders", ETAG),
    flow.dynamodb_item("api-keys", ETAG),
    flow.step_functions(f"arn:aws:states:eu-west-1:123456789012:execution:flow:{UUID}"),
]


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("stricter", [{}, {"level": "strict"}, {"keys": ("customer_no",)}])
@pytest.mark.parametrize("key", KEYS)
def test_join_keys_stay_whole(key: str, stricter: dict[str, Any], *, bodies: bool) -> None:
    assert "".join(flow.parts_of(key)) == key
    rules = Rules()
    for name, value in stricter.items():
        setattr(rules, name, value)
    operation = recorded(an_operation(sent=[key]), rules=rules, bodies=bodies).calls[0].operation
    assert operation is not None
    assert operation.sent == [key]


@pytest.mark.parametrize("name", [TOKEN, "password=hunter2", "4111111111111111"])
def test_a_masked_join_key_is_the_same_on_both_sides_and_still_joins(name: str) -> None:
    key, other = (flow.s3("receipts", name, etag) for etag in (ETAG, ETAG[::-1]))
    shown = set()
    for bodies in (True, False):
        record = recorded(an_operation(sent=[key, other]), a_trigger(received=[key, other]), bodies=bodies)
        operation = record.calls[0].operation
        assert operation is not None
        assert operation.sent == record.received[1:]
        assert MASKED in operation.sent[0]
        shown.add(tuple(operation.sent))
    assert len(shown) == 1
    assert len(set(shown.pop())) == 2


UNTOLD = {
    "an id": flow.sqs("0b1c-ACME-123456-4d5e"),
    "another id": flow.sqs("0b1c-ACME-654321-4d5e"),
    "a deleted object": flow.s3("receipts", "ACME-123456", ""),
}


@pytest.mark.parametrize("key", UNTOLD)
def test_a_join_key_is_left_out_if_what_tells_it_from_others_is_masked(key: str) -> None:
    """`sqs:<masked>` would join with every other message."""
    rules = Rules()
    rules.patterns = (Pattern(r"ACME-\d{6}"),)
    record = recorded(an_operation(sent=[UNTOLD[key]]), a_trigger(received=[UNTOLD[key]]), rules=rules)
    operation = record.calls[0].operation
    assert operation is not None
    assert (operation.sent, record.received) == ([], [flow.lambda_(REQUEST_ID)])


def test_tries_are_told_apart_though_a_rule_masks_their_ids() -> None:
    rules = Rules()
    rules.patterns = (Pattern(r"[0-9a-f-]{36}"),)
    first, again, other = (
        recorded(an_operation(invocation_id=text), rules=rules).calls[0] for text in (UUID, UUID, UUID[::-1])
    )
    assert list(map(len, tries_of([first, again, other]))) == [2, 1]


CAPABILITIES = (
    "https://hooks.slack.com:443/services/T0A/B0C/{}",
    "https://HOOKS.slack.com./services/T0A/B0C/{}",
    "https://hooks.slack.com/triggers/T0A/{}",
    "https://discord.com/api/v10/webhooks/123/{}",
    "https://discordapp.com/api/webhooks/123/{}",
    "https://api.telegram.org:443/bot1:{}/sendMessage",
    "https://x.webhook.office.com/webhookb2/{}@6666/IncomingWebhook/0/1",
    "https://user:{}@shop.example/orders/7",
    "https://x.blob.core.windows.net/receipts/1.json?sv=2022&sig={}",
    "https://receipts.s3.eu-west-1.amazonaws.com/1.json?X-Amz-Signature={}&X-Amz-Security-Token={}",
)


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("url", CAPABILITIES)
def test_who_reads_the_record_cannot_use_the_url(url: str, *, bodies: bool) -> None:
    record = record_of(Seen(url=url.replace("{}", "Quiet-owls")), Redactor(bodies=bodies))
    assert not [text for text in sent(record).values() if "Quiet" in text]


@pytest.mark.parametrize(
    "name", ["key", "sig", "code", "token", "X-Amz-Signature", "X-Goog-Signature", "AWSAccessKeyId"]
)
def test_an_events_query_is_masked_as_that_of_a_url(name: str) -> None:
    record = recorded(trigger=a_trigger(attributes={"url.query": f"page=2&{name}=Quietowls"}))
    assert record.trigger is not None
    assert record.trigger.attributes == {"url.query": f"page=2&{name}={MASKED}"}


def test_an_invocation_is_always_found_by_its_request_id() -> None:
    assert recorded().received == [flow.lambda_(REQUEST_ID)]
    assert recorded(trigger=a_trigger(received=["sqs:1"])).received == [flow.lambda_(REQUEST_ID), "sqs:1"]


def test_links_of_messages_come_behind_those_of_the_invocation() -> None:
    link = ("ab" * 16, "cd" * 8)
    record = recorded(trigger=a_trigger(links=[link, link]))
    assert record.links == [link]
    parent = (record.trace_id, record.parent_id)
    assert parent not in recorded(trigger=a_trigger(links=[parent, link])).links


def test_a_key_stands_once_though_two_things_tell_of_it() -> None:
    key = flow.lambda_(REQUEST_ID)
    assert recorded(trigger=a_trigger(received=[key, "sqs:1", key])).received == [key, "sqs:1"]


def test_lists_are_bounded() -> None:
    many = [f"sqs:{number}" for number in range(1_000)]
    links = [(f"{number:032x}", f"{number:016x}") for number in range(1_000)]
    deep = a_trigger()
    for _ in range(50):
        deep = a_trigger(nested=[deep] * 3, resource="x" * 10_000)
    record = recorded(an_operation(sent=many, links=links, attributes={f"a{n}": "x" * 9_000 for n in range(99)}), deep)
    operation = record.calls[0].operation
    assert operation is not None
    assert (len(operation.sent), len(operation.links), len(operation.attributes)) == (128, 128, 64)
    assert all(len(str(value)) <= 2_048 for value in operation.attributes.values())
    assert len(json.dumps(sent(record)["json"])) < 2_000_000


PLAIN_WORDS = st.sampled_from(
    [
        "password",
        "token",
        "secret",
        "api_key",
        "Bearer",
        "hunter2",
        "Zx81x",
        "orders",
        "1",
        "a1B2c3D4e5F6",
        "AKIA",
        "sk-",
        "user",
        "Basic",
        "eyJ",
        "key",
        "2026",
        "{id}",
        "x" * 15,
        "4111",
        "ghp_",
        "xoxb-",
        "card",
        "pin",
        "SK",
        "no",
        "--",
    ]
)
PLAIN = st.lists(st.tuples(PLAIN_WORDS, st.sampled_from(["/", ".", "_", "-", ""])), max_size=12).map(
    lambda parts: "".join(word + mark for word, mark in parts)
)


@given(PLAIN | st.text("abcXYZ0123456789/._-{}", max_size=60))
@example("s3cret/Password-1/x")
def test_a_plain_name_holds_nothing_that_the_text_rules_find(text: str) -> None:
    shown = redact_url(text)
    if is_plain_name(shown):
        assert redact_text(shown) == shown


@given(st.text("0123456789abcdefABCDEF-", max_size=80) | st.text("abcXYZ0123456789=", max_size=18))
def test_a_plain_id_holds_nothing_either(text: str) -> None:
    if is_plain_id(text):
        assert redact_text(text) == text


def test_ids_that_are_no_ids_are_masked_as_texts() -> None:
    for text in ("password=x", "Bearer abc", "4111111111111111", base64.b64encode(b"x" * 40).decode()):
        assert not is_plain_id(text)


# The stage


def test_a_fault_of_recognition_costs_itself_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(calls, "operation_of", broken)
    monkeypatch.setattr(events, "trigger_of", broken)
    stages = Stages(None, _Empty(), Redactor(bodies=True), warn=print, debug=print)  # type: ignore[arg-type]
    (record,) = stages.records([invocation_of(Seen(request_body=b"x").frames())])
    assert (record.calls[0].operation, record.trigger) == (None, None)
    assert stages.counters == {"recognition_faults": 2}


def test_of_very_many_calls_the_messages_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "MAX_MESSAGES", 3)
    seen = Seen(request_headers=[("X-Amz-Target", "DynamoDB_20120810.PutItem")])
    raw = invocation_of(frames_of(seen, [seen] * 5))
    recognise.recognise(raw, Rules())
    assert [call.messages is not None for call in raw.calls.values()] == [True, True, True, False, False]
    record = Redactor(bodies=True).record(raw)
    assert {(call.operation and call.operation.name, len(call.request_headers)) for call in record.calls} == {
        ("PutItem", 1)
    }


def test_bodies_of_hosts_that_rules_exclude_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Exchange] = []
    monkeypatch.setattr(calls, "operation_of", looked_at.append)
    rules = Rules()
    rules.excluded_hosts = ("shop.example",)
    seen = Seen(request_headers=[("X-Amz-Target", "A.B")], request_body=b"secret", response_body=b"secret")
    record_of(seen, Redactor(bodies=True, rules=rules))
    (exchange,) = looked_at
    assert (exchange.request_body, exchange.response_body) == (b"", b"")
    assert exchange.request.header("x-amz-target") == "A.B"


HTTP_EVENT = {
    "version": "2.0",
    "routeKey": "$default",
    "rawPath": "/orders/Quietowls",
    "headers": {"x-amz-tenant-id": "Quietowls", "user-agent": "Quietowls"},
    "requestContext": {"http": {"method": "GET", "sourceIp": "Quietowls", "userAgent": "Quietowls"}},
}
S3_EVENT = {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "Quietowls"}}}]}
SNS_EVENT = {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "1", "Message": json.dumps(S3_EVENT)}}]}
OBJECT_KEY = "Records[*].s3.object.key"
HTTP_PATHS = ("event.rawPath", "event.headers", *(f"*.requestContext.http.{one}" for one in ("sourceIp", "userAgent")))
HIDDEN: dict[str, tuple[Any, dict[str, Any]]] = {
    "HTTP, by names": (HTTP_EVENT, {"keys": ("rawpath", "x-amz-*", "user-agent", "useragent", "sourceip")}),
    "HTTP, by paths": (HTTP_EVENT, {"paths": HTTP_PATHS}),
    "an object, by its path": (S3_EVENT, {"paths": (f"event.{OBJECT_KEY}",)}),
    "an object in a message, by its name": (SNS_EVENT, {"keys": ("key",)}),
    "an object in a message, by its path": (SNS_EVENT, {"paths": (f"event.Records[*].Sns.Message.{OBJECT_KEY}",)}),
}


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("place", HIDDEN)
def test_what_the_functions_rules_mask_in_the_event_is_not_told_by_its_trigger(place: str, *, bodies: bool) -> None:
    event, given = HIDDEN[place]
    rules = Rules()
    rules.keys = given.get("keys", ())
    rules.paths = tuple(map(Path, given.get("paths", ())))
    record = record_of(Seen(event=json.dumps(event).encode()), Redactor(bodies=bodies, rules=rules))
    assert record.trigger is not None
    assert record.trigger.source
    assert not [text for text in sent(record).values() if "Quietowls" in text]


def test_what_the_functions_rules_mask_in_a_body_is_not_told_by_its_operation() -> None:
    rules = Rules()
    rules.paths = (Path("request.operationName"),)
    body = gzip.compress(json.dumps({"query": "{ a }", "operationName": "Quietowls"}).encode())
    seen = Seen(request_headers=[("Content-Encoding", "gzip")], request_body=body)
    record = record_of(seen, Redactor(bodies=True, rules=rules))
    operation = record.calls[0].operation
    assert operation is not None
    assert (operation.api, operation.name) == ("graphql", MASKED)


def test_a_changed_item_joins_though_a_rule_masks_one_of_its_attributes() -> None:
    rules = Rules()
    rules.keys = ("customer_no",)
    item = {"customer_no": {"S": "7"}}
    change = {"eventSource": "aws:dynamodb", "eventSourceARN": "arn:aws:dynamodb:r:1:table/orders"}
    event = {"Records": [{**change, "dynamodb": {"Keys": item, "NewImage": item}}]}
    record = record_of(Seen(event=json.dumps(event).encode()), Redactor(bodies=True, rules=rules))
    assert record.received[1:] == [
        flow.dynamodb_key("orders", key_hash(item)),
        flow.dynamodb_item("orders", item_hash(item)),
    ]


class _Empty:
    class exported:  # noqa: N801 - the assembler's attribute
        reports: tuple[()] = ()
