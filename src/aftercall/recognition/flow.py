"""Join keys: ids that both sides of a hop know, as the same string on both (docs/flow.md).

`aftercall.flow.sent` holds those of what a call sent, `aftercall.flow.received` those of what an event, or a call that
polls, brought. They are made of the ids alone, so nothing is added to anybody's messages.
"""

from __future__ import annotations

_MARKS = {"s3": ("@",), "dynamodb": ("/key:", "/item:"), "states": (), "durable": ()}
"""Services whose keys hold a name that a person gave, and what stands between it and the ids behind it."""

MAX_KEYS = 128
"""Of one call or event: a batch of SQS has at most 10, of SNS and EventBridge 10, of Kinesis 500."""


def sqs(message_id: str) -> str:
    return f"sqs:{message_id}"


def sns(message_id: str) -> str:
    return f"sns:{message_id}"


def eventbridge(event_id: str) -> str:
    return f"events:{event_id}"


def kinesis(shard_id: str, sequence_number: str) -> str:
    """Sequence numbers are unique within a shard."""
    return f"kinesis:{shard_id}:{sequence_number}"


def s3(bucket: str, key: str, etag: str) -> str:
    """`etag` with or without its quotes. A deletion has none."""
    etag = etag.strip('"')
    return f"s3:{bucket}/{key}" + (f"@{etag}" if etag else "")


def lambda_(request_id: str) -> str:
    """The `x-amzn-requestid` of Invoke's answer is the request id of the invocation."""
    return f"lambda:{request_id}"


def step_functions(execution_arn: str) -> str:
    return f"states:{execution_arn}"


def api_gateway(request_id: str) -> str:
    """`apigw-requestid`, or `x-amzn-requestid` of REST APIs: `requestContext.requestId` of the event."""
    return f"apigateway:{request_id}"


def ses(message_id: str) -> str:
    return f"ses:{message_id}"


def dynamodb_key(table: str, key: str) -> str:
    """`key`: hash of the item's key attributes (item_hash of dynamodb_items.py)."""
    return f"dynamodb:{table}/key:{key}"


def dynamodb_item(table: str, item: str) -> str:
    """`item`: hash of the whole item: PutItem does not say which of its attributes are the key."""
    return f"dynamodb:{table}/item:{item}"


def parts_of(key: str) -> tuple[str, str, str]:
    """(the service, what a person named, ids with the mark before them): joined they are the key."""
    service, colon, rest = key.partition(":")
    if not colon:
        return "", key, ""
    marks = _MARKS.get(service)
    if marks is None:
        return service + colon, "", rest
    at = max((rest.rfind(mark) for mark in marks), default=-1)
    at = len(rest) if at < 0 else at
    return service + colon, rest[:at], rest[at:]


def durable_execution(execution_arn: str) -> str:
    """`X-Amz-Durable-Execution-Arn` of Invoke's answer: `DurableExecutionArn` of the event."""
    return f"durable:{execution_arn}"
