"""The flow of one call: join keys of what it sent and received, trace contexts, span pointers.

All from the ids that AWS answers with, or that the call itself names. A call that failed has sent nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition import flow, pointers
from aftercall.recognition.aws import xml_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from aftercall.recognition.aws.fields import Fields
    from aftercall.recognition.operation import Operation


def follow(operation: Operation, fields: Fields) -> None:
    """Fill in what the operation sent and received."""
    step = STEPS.get((operation.service, operation.name))
    status = fields.exchange.status or 0
    if step is not None and 200 <= status < 300:
        step(operation, fields)
        del operation.sent[flow.MAX_KEYS :], operation.received[flow.MAX_KEYS :]
        del operation.links[flow.MAX_KEYS :], operation.pointers[flow.MAX_KEYS :]


def _texts(entries: Any, name: str) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        text = entry.get(name) if isinstance(entry, dict) else None
        if isinstance(text, str) and text:
            yield text


def _message_ids(fields: Fields) -> Iterator[str]:
    """Of one message, of a batch, or of XML."""
    yield from _texts([fields.answer], "MessageId")
    yield from _texts(fields.answer.get("Successful"), "MessageId")
    if not fields.answer:
        yield from xml_text.texts(fields.exchange.response_body, "MessageId")


def _sqs(operation: Operation, fields: Fields) -> None:
    operation.sent += map(flow.sqs, _message_ids(fields))


def _sns(operation: Operation, fields: Fields) -> None:
    operation.sent += map(flow.sns, _message_ids(fields))


def _ses(operation: Operation, fields: Fields) -> None:
    operation.sent += map(flow.ses, _message_ids(fields))


def _eventbridge(operation: Operation, fields: Fields) -> None:
    operation.sent += map(flow.eventbridge, _texts(fields.answer.get("Entries"), "EventId"))


def _kinesis(operation: Operation, fields: Fields) -> None:
    records = fields.answer.get("Records", [fields.answer])
    for record in records if isinstance(records, list) else ():
        shard, number = (next(_texts([record], name), "") for name in ("ShardId", "SequenceNumber"))
        if shard and number:
            operation.sent.append(flow.kinesis(shard, number))


def _lambda(operation: Operation, fields: Fields) -> None:
    if operation.request_id:
        operation.sent.append(flow.lambda_(operation.request_id))
    if execution := fields.exchange.response.header("x-amz-durable-execution-arn"):
        operation.sent.append(flow.durable_execution(execution))


def _step_functions(operation: Operation, fields: Fields) -> None:
    operation.sent += map(flow.step_functions, _texts([fields.answer], "executionArn"))


# ---- S3 ----


def _object_written(operation: Operation, fields: Fields) -> None:
    bucket, key = fields.text("Bucket"), fields.text("Key")
    # Copying and completing tell the tag in the body, an upload in its head.
    etag = xml_text.first(fields.exchange.response_body, "ETag") or fields.exchange.response.header("etag")
    if bucket and key and etag and not operation.error_code:
        operation.sent.append(flow.s3(bucket, key, etag))
        operation.pointers.append((pointers.S3_OBJECT, pointers.s3_object(bucket, key, etag)))


def _object_deleted(operation: Operation, fields: Fields) -> None:
    bucket, key = fields.text("Bucket"), fields.text("Key")
    if bucket and key:
        operation.sent.append(flow.s3(bucket, key, ""))


def _objects_deleted(operation: Operation, fields: Fields) -> None:
    bucket = fields.text("Bucket")
    failed = set()
    for error in fields.exchange.response_body.split(b"<Error>")[1 : flow.MAX_KEYS]:
        failed.add(xml_text.first(error, "Key"))
    for key in xml_text.texts(fields.exchange.request_body, "Key"):
        if key not in failed and len(operation.sent) < flow.MAX_KEYS:
            operation.sent.append(flow.s3(bucket, key, ""))


# ---- DynamoDB ----


def _item_put(operation: Operation, fields: Fields) -> None:
    _put(operation, operation.resource, fields.asked.get("Item"))


def _item_changed(operation: Operation, fields: Fields) -> None:
    _change(operation, operation.resource, fields.asked.get("Key"))


def _batch_written(operation: Operation, fields: Fields) -> None:
    left = fields.answer.get("UnprocessedItems")
    if left is None and fields.exchange.response_body:
        return  # it was cut: what was not taken is not known
    for table, request in _requests(fields.asked.get("RequestItems")):
        if request in (left.get(table) or () if isinstance(left, dict) else ()):
            continue
        _put(operation, table, _member(request, "PutRequest", "Item"))
        _change(operation, table, _member(request, "DeleteRequest", "Key"))


def _transacted(operation: Operation, fields: Fields) -> None:
    actions = fields.asked.get("TransactItems")
    for action in actions[: flow.MAX_KEYS] if isinstance(actions, list) else ():
        for kind, member, note in (("Put", "Item", _put), ("Update", "Key", _change), ("Delete", "Key", _change)):
            table = _member(action, kind, "TableName")
            if isinstance(table, str):
                note(operation, table, _member(action, kind, member))


def _requests(tables: Any) -> Iterator[tuple[str, Any]]:
    for table, requests in tables.items() if isinstance(tables, dict) else ():
        for request in requests[: flow.MAX_KEYS] if isinstance(requests, list) else ():
            yield table, request


def _member(outer: Any, name: str, inner: str) -> Any:
    found = outer.get(name) if isinstance(outer, dict) else None
    return found.get(inner) if isinstance(found, dict) else None


def _put(operation: Operation, table: str, item: Any) -> None:
    from aftercall.recognition.aws.resources import short  # noqa: PLC0415
    from aftercall.recognition.dynamodb_items import item_hash  # noqa: PLC0415

    hashed = item_hash(item) if isinstance(item, dict) else ""
    if hashed:
        operation.sent.append(flow.dynamodb_item(short(table), hashed))


def _change(operation: Operation, table: str, keys: Any) -> None:
    from aftercall.recognition.aws.resources import short  # noqa: PLC0415
    from aftercall.recognition.dynamodb_items import key_hash, pointer_hash  # noqa: PLC0415

    hashed = key_hash(keys) if isinstance(keys, dict) else ""
    if hashed:
        operation.sent.append(flow.dynamodb_key(short(table), hashed))
        pointer = pointer_hash(short(table), keys)
        if pointer:
            operation.pointers.append((pointers.DYNAMODB_ITEM, pointer))


# ---- what came in ----


def _sqs_received(operation: Operation, fields: Fields) -> None:
    messages = fields.answer.get("Messages")
    if not messages:
        operation.received += map(flow.sqs, xml_text.texts(fields.exchange.response_body, "MessageId"))
        return
    operation.received += map(flow.sqs, _texts(messages, "MessageId"))
    for message in messages if isinstance(messages, list) else ():
        link = _link(message) if isinstance(message, dict) else None
        if link is not None and link not in operation.links:
            operation.links.append(link)


def _link(message: dict[str, Any]) -> tuple[str, str] | None:
    """The trace context of a message: X-Ray's system attribute, else W3C's among the user's attributes."""
    from aftercall.recognition import trace_headers  # noqa: PLC0415 - few calls receive messages

    header = _member(message, "Attributes", "AWSTraceHeader")
    found = trace_headers.from_xray(header) if isinstance(header, str) else None
    if found is None or not found.parent_id:
        attribute = _member(message, "MessageAttributes", "traceparent")
        text = attribute.get("StringValue") if isinstance(attribute, dict) else None
        found = trace_headers.from_traceparent(text) if isinstance(text, str) else None
    return (found.trace_id, found.parent_id) if found is not None and found.parent_id else None


STEPS: dict[tuple[str, str], Callable[[Operation, Fields], None]] = {
    ("DynamoDB", "BatchWriteItem"): _batch_written,
    ("DynamoDB", "DeleteItem"): _item_changed,
    ("DynamoDB", "PutItem"): _item_put,
    ("DynamoDB", "TransactWriteItems"): _transacted,
    ("DynamoDB", "UpdateItem"): _item_changed,
    ("EventBridge", "PutEvents"): _eventbridge,
    ("Kinesis", "PutRecord"): _kinesis,
    ("Kinesis", "PutRecords"): _kinesis,
    ("Lambda", "Invoke"): _lambda,
    ("Lambda", "InvokeAsync"): _lambda,
    ("Lambda", "InvokeWithResponseStream"): _lambda,
    ("S3", "CompleteMultipartUpload"): _object_written,
    ("S3", "CopyObject"): _object_written,
    ("S3", "DeleteObject"): _object_deleted,
    ("S3", "DeleteObjects"): _objects_deleted,
    ("S3", "PutObject"): _object_written,
    ("SES", "SendBulkTemplatedEmail"): _ses,
    ("SES", "SendEmail"): _ses,
    ("SES", "SendRawEmail"): _ses,
    ("SES", "SendTemplatedEmail"): _ses,
    ("SESv2", "SendEmail"): _ses,
    ("SFN", "StartExecution"): _step_functions,
    ("SFN", "StartSyncExecution"): _step_functions,
    ("SNS", "Publish"): _sns,
    ("SNS", "PublishBatch"): _sns,
    ("SQS", "ReceiveMessage"): _sqs_received,
    ("SQS", "SendMessage"): _sqs,
    ("SQS", "SendMessageBatch"): _sqs,
}
