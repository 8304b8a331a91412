"""Join keys: ids that both sides of a hop know, as the same string on both (docs/flow.md).

`aftercall.flow.sent` holds those of what a call sent, `aftercall.flow.received` those of what an event, or a call that
polls, brought. They are made of the ids alone, so nothing is added to anybody's messages.
"""

from __future__ import annotations

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


def durable_execution(execution_arn: str) -> str:
    """`X-Amz-Durable-Execution-Arn` of Invoke's answer: `DurableExecutionArn` of the event."""
    return f"durable:{execution_arn}"
