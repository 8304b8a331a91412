"""Attributes, name and kind of a call's span, by OpenTelemetry's conventions for the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats import semconv
from aftercall.recognition.aws.resources import short, tables_of

if TYPE_CHECKING:
    from aftercall.recognition.aws.fields import Fields
    from aftercall.recognition.operation import Operation, Value

_MAX = 1_024

MEMBERS: dict[str, dict[str, str]] = {
    "Bedrock Agent Runtime": {"knowledgeBaseId": semconv.AWS_BEDROCK_KNOWLEDGE_BASE_ID},
    "Bedrock Runtime": {
        "guardrailIdentifier": semconv.AWS_BEDROCK_GUARDRAIL_ID,
        "modelId": semconv.GEN_AI_REQUEST_MODEL,
    },
    "DynamoDB": {
        "ConsistentRead": semconv.AWS_DYNAMODB_CONSISTENT_READ,
        "IndexName": semconv.AWS_DYNAMODB_INDEX_NAME,
        "Limit": semconv.AWS_DYNAMODB_LIMIT,
        "ProjectionExpression": semconv.AWS_DYNAMODB_PROJECTION,
        "ScanIndexForward": semconv.AWS_DYNAMODB_SCAN_FORWARD,
        "Segment": semconv.AWS_DYNAMODB_SEGMENT,
        "Select": semconv.AWS_DYNAMODB_SELECT,
        "TotalSegments": semconv.AWS_DYNAMODB_TOTAL_SEGMENTS,
    },
    "Kinesis": {"StreamName": semconv.AWS_KINESIS_STREAM_NAME},
    "Lambda": {"UUID": semconv.AWS_LAMBDA_RESOURCE_MAPPING_ID},
    "S3": {"Bucket": semconv.AWS_S3_BUCKET, "Key": semconv.AWS_S3_KEY, "uploadId": semconv.AWS_S3_UPLOAD_ID},
    "SFN": {
        "activityArn": semconv.AWS_STEP_FUNCTIONS_ACTIVITY_ARN,
        "stateMachineArn": semconv.AWS_STEP_FUNCTIONS_STATE_MACHINE_ARN,
    },
    "SNS": {"TopicArn": semconv.AWS_SNS_TOPIC_ARN},
    "SQS": {"QueueUrl": semconv.AWS_SQS_QUEUE_URL},
}
"""Members of the request, wherever they stand."""

ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "DynamoDB": (("Count", semconv.AWS_DYNAMODB_COUNT), ("ScannedCount", semconv.AWS_DYNAMODB_SCANNED_COUNT)),
    "SNS": (("MessageId", semconv.MESSAGING_MESSAGE_ID),),
    "SQS": (("MessageId", semconv.MESSAGING_MESSAGE_ID),),
    "Secrets Manager": (("ARN", semconv.AWS_SECRETSMANAGER_SECRET_ARN),),
}

SYSTEMS = {"SQS": "aws_sqs", "SNS": "aws.sns"}

MESSAGING: dict[tuple[str, str], tuple[str, str]] = {
    ("SNS", "Publish"): ("send", "send"),
    ("SNS", "PublishBatch"): ("send", "send"),
    ("SQS", "DeleteMessage"): ("delete", "settle"),
    ("SQS", "DeleteMessageBatch"): ("delete", "settle"),
    ("SQS", "ReceiveMessage"): ("receive", "receive"),
    ("SQS", "SendMessage"): ("send", "send"),
    ("SQS", "SendMessageBatch"): ("send", "send"),
}
"""messaging.operation.name and .type."""

INVOKES = frozenset({"Invoke", "InvokeAsync", "InvokeWithResponseStream"})


def describe(operation: Operation, fields: Fields) -> None:
    """Fill in attributes, span name and kind of an operation whose other fields are known."""
    operation.span_name = f"{operation.service}.{operation.name}" if operation.name else operation.service
    found = operation.attributes
    found[semconv.RPC_SYSTEM] = "aws-api"
    _put(found, semconv.RPC_SERVICE, operation.service)
    _put(found, semconv.RPC_METHOD, operation.name)
    _put(found, semconv.CLOUD_REGION, operation.region)
    _put(found, semconv.AWS_REQUEST_ID, operation.request_id)
    _put(found, semconv.AWS_EXTENDED_REQUEST_ID, operation.extended_request_id)
    members = MEMBERS.get(operation.service)
    if members:
        _put_members(found, members, fields)
    for member, key in ANSWERS.get(operation.service, ()):
        _put(found, key, _scalar(fields.answer.get(member)))
    if operation.service == "DynamoDB":
        _database(operation, fields)
    elif operation.service in SYSTEMS:
        _messaging(operation)
    elif operation.service == "S3":
        _object(operation, fields)
    elif operation.service == "Lambda" and operation.name in INVOKES:
        _invoked(operation, fields)


def _put(found: dict[str, Value], key: str, value: Value | None) -> None:
    if value is not None and value != "":
        found[key] = value


def _put_members(found: dict[str, Value], members: dict[str, str], fields: Fields) -> None:
    """A request has few members: the table is asked for each, not the request for each of the table."""
    for name in fields.labels:
        if name in members:
            _put(found, members[name], fields.text(name)[:_MAX])
    for part in (fields.query, fields.asked):
        for name, value in part.items():
            if name in members:
                _put(found, members[name], _scalar(value))


def _scalar(value: object) -> Value | None:
    """What is neither a text, nor a truth, nor a whole number that receivers can hold, is left out."""
    if isinstance(value, str):
        return value[:_MAX]
    return value if isinstance(value, int) and -(2**63) <= value < 2**63 else None


def _database(operation: Operation, fields: Fields) -> None:
    found = operation.attributes
    found[semconv.DB_SYSTEM_NAME] = "aws.dynamodb"
    _put(found, semconv.DB_OPERATION_NAME, operation.name)
    tables = tables_of(fields) or [short(fields.text("TableName"))]
    if tables[0]:
        found[semconv.AWS_DYNAMODB_TABLE_NAMES] = tables[:64]
    if len(tables) == 1:
        _put(found, semconv.DB_COLLECTION_NAME, tables[0])
    if operation.items is not None and operation.items > 1:
        found[semconv.DB_OPERATION_BATCH_SIZE] = operation.items


def _messaging(operation: Operation) -> None:
    told = MESSAGING.get((operation.service, operation.name))
    if told is None:
        return
    found = operation.attributes
    found[semconv.MESSAGING_SYSTEM] = SYSTEMS[operation.service]
    found[semconv.MESSAGING_OPERATION_NAME], found[semconv.MESSAGING_OPERATION_TYPE] = told
    _put(found, semconv.MESSAGING_DESTINATION_NAME, operation.resource)
    if operation.items is not None:
        found[semconv.MESSAGING_BATCH_MESSAGE_COUNT] = operation.items
    operation.span_name = f"{told[0]} {operation.resource}".rstrip()
    operation.kind = "producer" if told[1] == "send" else "client"


def _object(operation: Operation, fields: Fields) -> None:
    _put(operation.attributes, semconv.AWS_S3_COPY_SOURCE, fields.exchange.request.header("x-amz-copy-source")[:_MAX])
    part = fields.query.get("partNumber", "")
    if part.isascii() and part.isdigit() and len(part) <= 5:
        operation.attributes[semconv.AWS_S3_PART_NUMBER] = int(part)


def _invoked(operation: Operation, fields: Fields) -> None:
    found = operation.attributes
    _put(found, semconv.FAAS_INVOKED_NAME, operation.resource.partition(":")[0])
    found[semconv.FAAS_INVOKED_PROVIDER] = "aws"
    named = fields.text("FunctionName").split(":")
    _put(found, semconv.FAAS_INVOKED_REGION, named[3] if len(named) > 6 else operation.region)
