"""The stage that recognises: its faults cost themselves, and what rules hide is not looked at."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from aftercall.formats.text import MASKED
from aftercall.masking.paths import Path
from aftercall.masking.rules import Rules
from aftercall.pipeline import recognise
from aftercall.pipeline.redact import Redactor
from aftercall.pipeline.stages import Stages
from aftercall.recognition import calls, events, flow
from aftercall.recognition.dynamodb_items import item_hash, key_hash
from tests.masking.pipeline import Seen, frames_of, invocation_of, record_of, sent

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.exchange import Exchange


class _Empty:
    class exported:  # noqa: N801 - the assembler's attribute
        reports: tuple[()] = ()


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
