"""What the function's answer means to its caller or trigger: a fact beside the invocation's status.

A function that ran to its end is `ok` for Lambda, even if it answered 500, or failed for some items of its batch
(AWS's pages "Lambda proxy integrations", "Reporting batch item failures", "Configuring error handling controls for
Kafka event sources", "Transform source data in Amazon Data Firehose", "Invoke AWS Lambda function" of S3's batches).

In streamed answers of HTTP (`HttpResponseStream.from`) status and headers stand before the body: one JSON object, eight
NULs, the body's bytes. Their content type, `application/vnd.awslambda.http-integration-response`, is a header of the
post, which the spool does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import fields_of
from aftercall.formats.json_text import loads
from aftercall.http1.message import Message
from aftercall.pipeline.record import Outcome

if TYPE_CHECKING:
    from typing import Any


_SEPARATOR = bytes(8)
_MAX_PRELUDE_BYTES = 65_536


class Streamed:
    """`prelude` is the JSON text, `fields` what it says."""

    __slots__ = ("body", "fields", "prelude")

    def __init__(self, prelude: bytes, fields: dict[str, Any], body: bytes) -> None:
        self.prelude = prelude
        self.fields = fields
        self.body = body

    @property
    def message(self) -> Message:
        """The body with its headers."""
        headers = self.fields.get("headers")
        pairs = headers.items() if isinstance(headers, dict) else ()
        return Message("", [(name, value) for name, value in pairs if isinstance(value, str)], self.body)

    @property
    def before_body(self) -> int:
        return len(self.prelude) + len(_SEPARATOR)


def streamed_of(response: bytes) -> Streamed | None:
    """None if the response is not a streamed answer."""
    end = response.find(_SEPARATOR, 0, _MAX_PRELUDE_BYTES)
    if end < 2 or response[:1] != b"{":
        return None
    try:
        fields = loads(response[:end].decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    return Streamed(response[:end], fields, response[end + len(_SEPARATOR) :])


def outcome_of(event: bytes, response: bytes, source: str = "") -> Outcome | None:
    """None if the answer is neither one of HTTP nor one for a batch. `source`: the trigger's."""
    streamed = streamed_of(response)
    if streamed is not None:
        status = _status(streamed.fields.get("statusCode", 200))  # AWS's own default
        return Outcome(status_code=status) if status else None
    if not any(name in response for name in _NAMES) and source not in _IMPLY_200:
        return None  # most answers, which are not parsed
    answer = fields_of(response.decode("utf-8", "replace"))
    status = _status(answer.get("statusCode"))
    if status is not None:
        return Outcome(status_code=status)
    if source in _IMPLY_200:
        return Outcome(status_code=200) if "statusCode" not in answer and _is_json(response) else None
    answer = _whole(response)
    if "batchItemFailures" in answer:
        return _of_batch(answer["batchItemFailures"], event)
    return _of_transformation(answer.get("records"), event) or _of_tasks(answer, event)


_NAMES = (b'"statusCode"', b'"batchItemFailures"', b'"recordId"', b'"resultCode"')
_IMPLY_200 = {"apigateway-http", "function-url"}
"""Payload 2.0: an answer without a status is the body of a 200."""


def _is_json(response: bytes) -> bool:
    """It is whole: of a cut one nobody knows what followed."""
    try:
        loads(response.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True


def _status(value: object) -> int | None:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 100 <= value <= 599 else None


def _of_batch(failures: object, event: bytes) -> Outcome | None:
    if not isinstance(failures, list) or (b'"Records"' not in event and b'"records"' not in event):
        return None
    items = _items(event)
    ids = [_identifier(failure.get("itemIdentifier")) if isinstance(failure, dict) else "" for failure in failures]
    if not all(ids):
        # One that names no item fails the whole batch.
        return Outcome(failed_items=items if items is not None else len(ids), items=items)
    return Outcome(failed_items=len(set(ids)), items=items)


def _identifier(name: object) -> str:
    """A message's id or a sequence number; of Kafka an object of topic, partition and offset. Empty if it is none."""
    if isinstance(name, dict) and type(name.get("offset")) is int:
        return ",".join(f"{key}={name[key]}" for key in sorted(name))
    return name if isinstance(name, str) else ""


_DEALT_WITH = ("Ok", "Dropped")


def _of_transformation(records: object, event: bytes) -> Outcome | None:
    """Firehose's and Kinesis Analytics': what is dropped is meant to be dropped."""
    if not isinstance(records, list) or b'"recordId"' not in event:
        return None
    results = [record.get("result") for record in records if isinstance(record, dict)]
    return Outcome(failed_items=sum(result not in _DEALT_WITH for result in results), items=_items(event))


def _of_tasks(answer: dict[str, Any], event: bytes) -> Outcome | None:
    """S3's batch operations; a task that the answer leaves out is what `treatMissingKeysAs` says."""
    results, asked = answer.get("results"), _whole(event).get("tasks")
    if not isinstance(results, list) or b'"taskId"' not in event:
        return None
    codes = {str(result.get("taskId")): result.get("resultCode") for result in results if isinstance(result, dict)}
    if not isinstance(asked, list):
        return Outcome(failed_items=sum(code != "Succeeded" for code in codes.values()))
    missing = answer.get("treatMissingKeysAs")
    outcomes = [codes.get(str(task.get("taskId")), missing) for task in asked if isinstance(task, dict)]
    return Outcome(failed_items=sum(code != "Succeeded" for code in outcomes), items=len(asked))


def _items(event: bytes) -> int | None:
    """How many there were; None if the event was cut."""
    document = _whole(event)
    records = document.get("Records") or document.get("records")
    if isinstance(records, dict):  # Kafka's, by topic and partition
        return sum(len(found) for found in records.values() if isinstance(found, list))
    return len(records) if isinstance(records, list) else None


def _whole(data: bytes) -> dict[str, Any]:
    """The document; {} if it was cut: half a list does not say how long it was."""
    try:
        document = loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
