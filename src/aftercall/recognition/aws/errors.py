"""The error of an answer, as the service names it; and whether it means: slower.

x-amzn-errortype: ValidationException:http://internal.amazon.com/        json and REST
{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", ...}
x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender       services that spoke query before
<Error><Code>NoSuchKey</Code>                                             query, ec2, S3
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.aws import xml_text

if TYPE_CHECKING:
    from aftercall.recognition.aws.fields import Fields

_MAX = 256

THROTTLING = frozenset({
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    "TransactionInProgressException",
})  # fmt: skip
"""What AWS's SDKs take for a reason to go slower."""


def error_code_of(fields: Fields) -> str:
    """Empty: the call did not fail."""
    status = fields.exchange.status or 0
    if status >= 400:
        return _code(fields)[:_MAX]
    # S3 has begun its answer with 200 before it knows how copying ends.
    body = fields.exchange.response_body
    if body[:1] == b"<" and xml_text.root(body) == "Error":
        return xml_text.first(body, "Code")[:_MAX]
    return ""


def _code(fields: Fields) -> str:
    header = fields.exchange.response.header
    told = header("x-amzn-errortype")
    if not told:
        answer = fields.answer
        told = next((answer[name] for name in ("__type", "code", "Code") if isinstance(answer.get(name), str)), "")
    if told:
        return str(told).partition(":")[0].rpartition("#")[2].strip()
    return header("x-amzn-query-error").partition(";")[0] or xml_text.first(fields.exchange.response_body, "Code")


def is_throttled(code: str, status: int | None) -> bool:
    return status == 429 or code in THROTTLING
