"""A record as one sentence, in the words of the services.

ok 84 ms cold, SQS orders (10 messages, oldest 3.0 s, received 4 times): S3 PutObject receipts/1.json 42 ms;
DynamoDB PutItem orders: ConditionalCheckFailedException, 12 ms, 2nd try; POST api.example.com/hooks/{id} 202 2 ms
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import Url, shortened
from aftercall.masking.redact_url import without_query
from aftercall.pipeline.chain import chain_of
from aftercall.pipeline.limit import cut
from aftercall.pipeline.tries import milliseconds_of, tries_of

if TYPE_CHECKING:
    from aftercall.pipeline.record import CallRecord, InvocationRecord, OperationRecord, TriggerRecord

MAX_OPERATIONS = 5
_MAX_NAME = 120

_SOURCES = {
    "activemq": "ActiveMQ",
    "alexa": "Alexa",
    "appsync": "AppSync",
    "appsync-events": "AppSync Events",
    "bedrock-agent": "Bedrock agent",
    "cloudformation": "CloudFormation",
    "cloudfront": "CloudFront",
    "cloudwatch-alarm": "CloudWatch alarm",
    "cloudwatch-logs": "CloudWatch Logs",
    "codecommit": "CodeCommit",
    "codepipeline": "CodePipeline",
    "cognito": "Cognito",
    "config": "Config",
    "connect": "Connect",
    "documentdb": "DocumentDB",
    "durable-execution": "durable execution",
    "dynamodb": "DynamoDB",
    "eventbridge": "EventBridge",
    "eventbridge-schedule": "EventBridge schedule",
    "eventbridge-scheduler": "EventBridge Scheduler",
    "firehose": "Firehose",
    "iot": "IoT",
    "kafka": "Kafka",
    "kinesis": "Kinesis",
    "kinesis-analytics": "Kinesis analytics",
    "lambda-destination": "Lambda destination",
    "lex": "Lex",
    "msk": "MSK",
    "rabbitmq": "RabbitMQ",
    "s3": "S3",
    "s3-batch": "S3 Batch",
    "s3-object-lambda": "S3 Object Lambda",
    "sagemaker": "SageMaker",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "stepfunctions": "Step Functions",
    "transfer": "Transfer",
    "workmail": "WorkMail",
}
"""As people write them. Of HTTP's sources method and route say all."""

_MESSAGES = frozenset({"sqs", "sns", "activemq", "rabbitmq"})
PROTOCOLS = {"graphql": "GraphQL", "json-rpc": "JSON-RPC"}


def sentence_of(record: InvocationRecord) -> str:
    words = ["late calls of an earlier invocation"] if record.late else [_result(record), time_of(record.duration_ms)]
    if not record.request_id and not record.late:
        words = ["init", *words]
    if record.cold_start:
        words.append("cold")
    woken = trigger_name(record.trigger) if record.trigger is not None else ""
    error = ""
    if record.error is not None and (record.error.type or record.error.message):
        error = cut(": ".join(text for text in (record.error.type, record.error.message) if text), 300)
    began = ", ".join(filter(None, (" ".join(words), woken)))
    began += f"{',' if woken else ''} {error}" if error else ""
    told = [_calls(record.calls, record)]
    if record.init is not None:
        told.append(_calls(record.init.calls, record, "in init: "))
    return began + (f": {'; '.join(filter(None, told))}" if any(told) else "")


def time_of(milliseconds: float) -> str:
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def _result(record: InvocationRecord) -> str:
    """How it ended and what it answered: `ok`, `ok 500`, `ok, 2 of 10 failed,`."""
    outcome = record.outcome
    if outcome is None:
        return record.status
    if outcome.status_code is not None:
        return f"{record.status} {outcome.status_code}"
    failed = failed_of(outcome.failed_items, outcome.items)
    return f"{record.status}, {failed}," if failed else record.status


def failed_of(failed: int | None, items: int | None) -> str:
    """`2 of 10 failed`; empty if none did."""
    return f"{failed}{f' of {items}' if items is not None else ''} failed" if failed else ""


# What woke it


def trigger_name(trigger: TriggerRecord) -> str:
    """`S3 receipts in SNS uploads in SQS orders (10 messages, oldest 3.0 s, received 4 times)`; empty: unknown."""
    chain = [_source(one) for one in reversed(chain_of(trigger))]
    name = " in ".join(filter(None, chain))
    said = [_items(trigger)] if trigger.items is not None else []
    if trigger.age_ms is not None:
        oldest = "oldest " if (trigger.items or 0) > 1 else "waited "
        said.append(oldest + time_of(trigger.age_ms))
    if (trigger.receive_count or 0) > 1:
        said.append(f"received {trigger.receive_count} times")
    return f"{name} ({', '.join(said)})" if name and said else name


def _source(trigger: TriggerRecord) -> str:
    is_http = trigger.kind == "http" and trigger.source not in _SOURCES
    name = "" if is_http else _SOURCES.get(trigger.source, trigger.source)
    operation = "" if trigger.operation == trigger.resource else cut(trigger.operation, _MAX_NAME)
    return " ".join(filter(None, (name, operation, shortened(trigger.resource, _MAX_NAME))))


def _items(trigger: TriggerRecord) -> str:
    word = "message" if trigger.source in _MESSAGES else "record"
    return f"{trigger.items} {word}" + ("" if trigger.items == 1 else "s")


# What it called


def _calls(calls: list[CallRecord], record: InvocationRecord, where: str = "") -> str:
    operations = tries_of(calls)
    notable = [tries for tries in operations if tries[-1].open or tries[-1].error_type or tries[-1].answered_badly]
    first = (notable if len(operations) > MAX_OPERATIONS else operations)[:MAX_OPERATIONS]
    told = "; ".join(_operation(tries, record) for tries in first)
    rest = len(operations) - len(first)
    if rest:
        told += f"{'; ' if told else ''}{rest} {'more calls' if told else 'calls'}"
    return where + told if told else ""


def _operation(tries: list[CallRecord], record: InvocationRecord) -> str:
    call = tries[-1]
    time = time_of(milliseconds_of(tries))
    name, state = operation_name(call), _state(call, record)
    if state:
        return f"{name} {state} {time}{_tried(tries)}"
    operation = call.operation
    if operation is None or operation.api == "http":
        return " ".join(filter(None, (name, _status(call), time + _tried(tries))))
    refused = _refused(call, operation)
    if not refused:
        shown = _status(call) if operation.api != "aws" else ""
        return " ".join(filter(None, (name, shown, time + _tried(tries))))
    last = f", {_ordinal(len(tries))} try" if len(tries) > 1 else ""
    return f"{name}: {refused}, {time}{last}"


def operation_name(call: CallRecord) -> str:
    """`DynamoDB PutItem orders`, `GraphQL GetOrder api.example.com`, `POST api.example.com/hooks/{id}`."""
    operation = call.operation
    if operation is not None and operation.api == "aws":
        asked = f"{call.method} {shortened(operation.url_template, _MAX_NAME)}" if operation.url_template else ""
        named = (operation.service, operation.name or asked, shortened(operation.resource, _MAX_NAME))
        return " ".join(filter(None, named))
    if operation is not None and operation.api in PROTOCOLS:
        host = Url(call.url).authority
        return " ".join(filter(None, (operation.service or PROTOCOLS[operation.api], operation.name, host)))
    return f"{call.method or '?'} {shortened(_address(call), _MAX_NAME)}"


def _address(call: CallRecord) -> str:
    """Without `https://`, which most have."""
    template = call.operation.url_template if call.operation is not None else ""
    parts = Url(call.url)
    is_known = bool(template and parts.authority)
    shown = f"{parts.scheme}://{parts.authority}{template}" if is_known else without_query(call.url)
    return shown.removeprefix("https://")


def _state(call: CallRecord, record: InvocationRecord) -> str:
    """What kept it from an answer."""
    status = f"{call.status} " if call.status is not None else ""
    if call.open:
        hung = "open" if record.status in {"ok", "error"} else "hung"
        return f"{status}{hung} in {call.stage or 'an unknown stage'}"
    if not call.error_type:
        return ""
    return f"{status}failed{f' in {call.stage}' if call.stage else ''} with {cut(call.error_type, 80)}"


def _refused(call: CallRecord, operation: OperationRecord) -> str:
    """What the service said against it."""
    is_refused = call.status is not None and call.status >= 400
    part = "" if is_refused else failed_of(operation.failed_items, operation.items)
    if operation.error_code:
        code = cut(operation.error_code, 80)
        return f"{part} with {code}" if part and operation.items is not None else code
    return str(call.status) if is_refused else part


def _status(call: CallRecord) -> str:
    return str(call.status) if call.status is not None else ""


def _tried(tries: list[CallRecord]) -> str:
    if len(tries) < 2:
        return ""
    throttled = any(call.operation is not None and call.operation.throttled for call in tries)
    return f" ({len(tries)} tries{', throttled' if throttled else ''})"


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
