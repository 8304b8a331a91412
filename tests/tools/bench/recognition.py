"""What it costs to tell what calls of AWS are: CPU beside that of the export, and the table of operations.

python -m tests.tools.bench --only recognition
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from random import Random
from typing import TYPE_CHECKING

from aftercall.exporters.otlp_json import request_of, resource_of
from aftercall.pipeline.limit import limit
from aftercall.pipeline.messages import messages_of
from aftercall.pipeline.redact import Redactor
from aftercall.recognition.aws import operations_table
from aftercall.recognition.calls import operation_of
from aftercall.recognition.exchange import Exchange
from tests.masking.documents import Draw
from tests.masking.pipeline import FUNCTION, Seen, frames_of, invocation_of
from tests.tools.bench.environment import ROOT
from tests.tools.bench.figures import Figure

if TYPE_CHECKING:
    from aftercall.pipeline.model import Invocation

INVOCATIONS = 12
"""Different ones, since masking remembers values. The first warms up and does not count."""

CALLS = 10
TABLE_KB = 300
RESOURCE = resource_of(FUNCTION, "shop", (), {})

FIRST = """
import sys, time, typing  # which the frozen file does without
from aftercall.recognition import calls, exchange
from aftercall.http1.message import Message
def once(target):
    heads = [("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260829/eu-west-1/lambda/aws4_request, S")]
    url = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/" + target + "/invocations"
    one = exchange.Exchange("POST", url, Message("", heads, b"{}"), Message("", [], b""))
    began = time.process_time()
    assert calls.operation_of(one).name == "Invoke"
    return (time.process_time() - began) * 1e3
print(once("a"), min(once("b") for _ in range(200)))
"""


def figures(runs: int) -> list[Figure]:
    exported, recognised = _export_and_recognition(runs)
    parts = (operations_table.INDEX, operations_table.WORDS, operations_table.OPERATIONS)
    table = sum(map(len, parts)) / 1e3
    with tempfile.TemporaryDirectory() as bytecode:  # which the frozen file has, too
        _first_and_later(bytecode)
        firsts = [_first_and_later(bytecode) for _ in range(max(1, runs // 2))]
    first, later = (statistics.median(column) for column in zip(*firsts, strict=True))
    share = recognised / exported
    return [
        Figure(
            f"recognising {CALLS} calls of AWS", recognised, "ms", exported,
            "reading, assembling, masking, OTLP, gzip of the same", "<= 0.1 x", share <= 0.1,
        ),
        Figure("table of AWS's operations", table, "KB", None, "none", f"<= {TABLE_KB} KB", table <= TABLE_KB),
        Figure("first call of AWS: modules, table, Lambda's templates", first, "ms", None, "none", "none", met=True),
        Figure("each later call", later, "ms", first, "the first", "none", met=True),
    ]  # fmt: skip


def _export_and_recognition(runs: int) -> tuple[float, float]:
    """CPU milliseconds: the medians over invocations that masking has not seen before."""
    exports, recognitions = [], []
    for run in range(max(1, runs // 4)):
        for number in range(INVOCATIONS):
            frames = _frames(f"{run}/{number}")
            times = [time.process_time()]
            invocation = invocation_of(frames)
            for call in invocation.calls.values():
                messages_of(call)  # masking needs them too
            times.append(time.process_time())
            _recognise(invocation)
            times.append(time.process_time())
            _export(invocation)
            times.append(time.process_time())
            if number:
                exports.append(times[3] - times[2] + times[1] - times[0])
                recognitions.append(times[2] - times[1])
    return statistics.median(exports) * 1e3, statistics.median(recognitions) * 1e3


def _recognise(invocation: Invocation) -> None:
    for call in invocation.calls.values():
        request, response = messages_of(call)
        assert operation_of(Exchange(call.method, call.url, request, response, status=call.status)) is not None


_redactor = Redactor(bodies=True)


def _export(invocation: Invocation) -> None:
    zlib.compress(request_of([limit(_redactor.record(invocation))], RESOURCE).encode(), 6)


def _first_and_later(bytecode: str) -> tuple[float, float]:
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
    command = [sys.executable, "-c", FIRST]
    done = subprocess.run(command, cwd=ROOT / "src", env=environment, capture_output=True, text=True, check=True)
    first, later = map(float, done.stdout.split())
    return first, later


# ---- an invocation with calls of AWS ----


def _frames(seed: str) -> bytes:
    draw = Draw(Random(seed))
    event = json.dumps({"orderId": draw.uuid(), "items": [draw.uuid() for _ in range(20)]}).encode()
    calls = [_with_headers(SERVICES[at % len(SERVICES)](draw), draw) for at in range(CALLS)]
    return frames_of(Seen(event=event), calls)


def _with_headers(seen: Seen, draw: Draw) -> Seen:
    """What boto3 adds, and AWS."""
    service = seen.request_headers.pop()[1]
    agent = "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1 lang/python#3.13.9 cfg/retry-mode#legacy"
    credential = f"ASIA{draw.token()[:16]}/20260829/eu-west-1/{service}/aws4_request"
    signature = f"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={draw.uuid()}{draw.uuid()}"
    seen.request_headers += [
        ("User-Agent", agent),
        ("X-Amz-Date", "20260829T101500Z"),
        ("X-Amz-Security-Token", draw.token() * 12),
        ("Authorization", f"AWS4-HMAC-SHA256 Credential={credential}, {signature}"),
        ("amz-sdk-invocation-id", draw.uuid()),
        ("amz-sdk-request", "attempt=1; max=5"),
        ("Content-Length", str(len(seen.request_body))),
    ]
    seen.response_headers += [
        ("x-amzn-RequestId", draw.uuid()),
        ("Date", "Sat, 29 Aug 2026 10:15:00 GMT"),
        ("Content-Length", str(len(seen.response_body))),
    ]
    return seen


def _json(service: str, target: str, request: object, answer: object) -> Seen:
    return Seen(
        url=f"https://{service}.eu-west-1.amazonaws.com/",
        request_headers=[("X-Amz-Target", target), ("Content-Type", "application/x-amz-json-1.0"), ("name", service)],
        request_body=json.dumps(request).encode(),
        response_headers=[("Content-Type", "application/x-amz-json-1.0")],
        response_body=json.dumps(answer).encode(),
    )


def _put_item(draw: Draw) -> Seen:
    item = {"id": {"S": draw.uuid()}, "total": {"N": "12.50"}, "lines": {"L": [{"S": draw.uuid()} for _ in range(8)]}}
    return _json("dynamodb", "DynamoDB_20120810.PutItem", {"TableName": "orders", "Item": item}, {})


def _query(draw: Draw) -> Seen:
    items = [{"id": {"S": draw.uuid()}, "state": {"S": "open"}, "total": {"N": "1"}} for _ in range(12)]
    asked = {"TableName": "orders", "IndexName": "by-customer", "KeyConditionExpression": "customer = :c"}
    return _json("dynamodb", "DynamoDB_20120810.Query", asked, {"Count": 12, "ScannedCount": 12, "Items": items})


def _send_message(draw: Draw) -> Seen:
    body = json.dumps({"order": draw.uuid(), "lines": [draw.uuid() for _ in range(6)]})
    asked = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", "MessageBody": body}
    return _json("sqs", "AmazonSQS.SendMessage", asked, {"MessageId": draw.uuid(), "MD5OfMessageBody": draw.uuid()})


def _put_object(draw: Draw) -> Seen:
    return Seen(
        method="PUT",
        url=f"https://receipts.s3.eu-west-1.amazonaws.com/2026/{draw.uuid()}.json",
        request_headers=[("Content-Type", "application/json"), ("name", "s3")],
        request_body=json.dumps([draw.uuid() for _ in range(20)]).encode(),
        response_headers=[("ETag", f'"{draw.uuid()}"'), ("x-amz-id-2", draw.token())],
    )


def _invoke(draw: Draw) -> Seen:
    return Seen(
        url="https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/charge/invocations",
        request_headers=[("X-Amz-Invocation-Type", "RequestResponse"), ("name", "lambda")],
        request_body=json.dumps({"order": draw.uuid()}).encode(),
        response_body=json.dumps({"charged": draw.uuid()}).encode(),
    )


SERVICES = (_put_item, _query, _send_message, _put_object, _invoke)
