"""How many entries a batch had, and how many of them failed though the call itself did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.aws import xml_text

if TYPE_CHECKING:
    from typing import Any

    from aftercall.recognition.aws.fields import Fields

LISTS: dict[tuple[str, str], str] = {
    ("DynamoDB", "TransactGetItems"): "TransactItems",
    ("DynamoDB", "TransactWriteItems"): "TransactItems",
    ("EventBridge", "PutEvents"): "Entries",
    ("Firehose", "PutRecordBatch"): "Records",
    ("Kinesis", "PutRecords"): "Records",
    ("SNS", "PublishBatch"): "PublishBatchRequestEntries",
    ("SQS", "ChangeMessageVisibilityBatch"): "Entries",
    ("SQS", "DeleteMessageBatch"): "Entries",
    ("SQS", "SendMessageBatch"): "Entries",
    ("CloudWatch", "PutMetricData"): "MetricData",
    ("CloudWatch Logs", "PutLogEvents"): "logEvents",
}
"""The list in the request."""

COUNTS = ("FailedRecordCount", "FailedPutCount", "FailedEntryCount")
"""Kinesis, Firehose, EventBridge."""

_ENTRIES = ("Records", "RequestResponses", "Entries", "ResultEntries", "Failed")
_CODES = ("ErrorCode", "Code", "errorCode")


class Batch:
    """`code`: of the first entry that failed."""

    __slots__ = ("code", "failed", "items")

    def __init__(self, items: int | None, failed: int | None, code: str) -> None:
        self.items = items
        self.failed = failed
        self.code = code


def batch_of(service: str, name: str, fields: Fields) -> Batch:
    if service == "DynamoDB" and name.startswith("BatchWrite"):
        return _unprocessed(fields, "UnprocessedItems")
    if service == "DynamoDB" and name.startswith("BatchGet"):
        return _unprocessed(fields, "UnprocessedKeys")
    if service == "S3" and name == "DeleteObjects":
        return _deleted(fields)
    if service == "SQS" and name == "ReceiveMessage":
        return Batch(_received(fields), None, "")
    listed = LISTS.get((service, name))
    if listed is None:
        return Batch(None, None, "")
    asked = fields.asked.get(listed)
    items = len(asked) if isinstance(asked, list) else _of_form(fields, listed)
    failed, code = _failed(fields)
    return Batch(items, failed, code)


def _failed(fields: Fields) -> tuple[int | None, str]:
    answer = fields.answer
    count = next((answer[name] for name in COUNTS if isinstance(answer.get(name), int)), None)
    listed = answer.get("Failed")
    if count is None and isinstance(listed, list):
        count = len(listed)
    if count is None and not answer:
        count, code = _in_xml(fields.exchange.response_body)
        return count, code
    return count, _first_code(answer) if count else ""


def _first_code(answer: dict[str, Any]) -> str:
    for name in _ENTRIES:
        entries = answer.get(name)
        for entry in entries if isinstance(entries, list) else ():
            code = next((entry[key] for key in _CODES if entry.get(key)), "") if isinstance(entry, dict) else ""
            if isinstance(code, str) and code:
                return code
    return ""


def _in_xml(body: bytes) -> tuple[int | None, str]:
    """`<BatchResultErrorEntry>` of the query protocol, members of `<Failed>` in SNS."""
    if body.lstrip()[:1] != b"<":
        return None, ""
    failed = body.count(b"<BatchResultErrorEntry>") or body.partition(b"<Failed>")[2].partition(b"</Failed>")[0].count(
        b"<member>"
    )
    return failed, xml_text.first(body, "Code") if failed else ""


def _of_form(fields: Fields, listed: str) -> int | None:
    """`PublishBatchRequestEntries.member.2.Id`, `SendMessageBatchRequestEntry.2.Id`: how many numbers there are."""
    numbers = set()
    for key in fields.asked:
        name, _, rest = key.removeprefix(f"{listed}.member.").partition(".")
        if not name.isdigit() and name.endswith("BatchRequestEntry"):
            name = rest.partition(".")[0]
        if name.isdigit():
            numbers.add(name)
    return len(numbers) or None


def _unprocessed(fields: Fields, name: str) -> Batch:
    left = fields.answer.get(name)
    failed = _count(left) if isinstance(left, dict) else None
    return Batch(_count(fields.asked.get("RequestItems")) or None, failed, "")


def _count(tables: Any) -> int:
    """Of `{table: [put, delete]}` or of `{table: {Keys: [...]}}`."""
    if not isinstance(tables, dict):
        return 0
    lists = (one.get("Keys") if isinstance(one, dict) else one for one in tables.values())
    return sum(len(one) for one in lists if isinstance(one, list))


def _deleted(fields: Fields) -> Batch:
    body = fields.exchange.response_body
    failed = body.count(b"<Error>") if body else None
    items = fields.exchange.request_body.count(b"<Object>") or None
    return Batch(items, failed, xml_text.first(body, "Code") if failed else "")


def _received(fields: Fields) -> int | None:
    messages = fields.answer.get("Messages")
    if isinstance(messages, list):
        return len(messages)
    body = fields.exchange.response_body
    if body[:1] == b"<":
        return body.count(b"<Message>")
    return 0 if (fields.exchange.status or 0) == 200 and body in {b"{}", b'{"Messages":null}'} else None
