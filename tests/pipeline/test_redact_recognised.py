"""What recognition found leaves without secrets, and the same on both sides of a hop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aftercall.command.check.leaks import leaked
from aftercall.formats.text import MASKED
from aftercall.masking.patterns import Pattern
from aftercall.masking.rules import Rules
from aftercall.pipeline.limit import limit
from aftercall.pipeline.model import Call, Invocation
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.tries import tries_of
from aftercall.recognition import flow
from aftercall.recognition.operation import Operation
from aftercall.recognition.trigger import Trigger
from tests.masking.pipeline import REQUEST_ID, Seen, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aftercall.pipeline.record import InvocationRecord

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
