"""How each source is told, what kind of trigger it is, and where its event says what it is about.

`told`: paths that must all stand in the event; `0` is the first of a list. `=` asks for that value, `~` for a text with
that in it. A source may have several rows; the first row that fits counts. Paths stand before what is large, for events
may be cut: `eventSource` of SQS and Kinesis stands behind their data.

Kinds are those of `faas.trigger`. What messages wake is a consumer, all else a server.

The rows are constants and the modules of their readers are loaded when needed: the first event is read at the cold
start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.recognition.sources.context_object import context_object
from aftercall.recognition.sources.members import at, text_at
from aftercall.recognition.trigger import Trigger

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from aftercall.recognition.sources.reading import Reading

# Name, kind, how it is told, what reads it.
READ = (
    # Batches of records.
    ("sqs", "pubsub", "Records/0/messageId, Records/0/receiptHandle", "queues.read_sqs"),
    ("sqs", "pubsub", "Records/0/eventSource=aws:sqs", "queues.read_sqs"),
    ("sns", "pubsub", "Records/0/Sns", "queues.read_sns"),
    ("sns", "pubsub", "Records/0/EventSource=aws:sns", "queues.read_sns"),
    ("s3", "datasource", "Records/0/eventSource=aws:s3", "objects.read_notification"),
    ("dynamodb", "datasource", "Records/0/eventSource=aws:dynamodb", "streams.read_dynamodb"),
    ("dynamodb", "datasource", "Records/0/dynamodb", "streams.read_dynamodb"),
    ("kinesis", "pubsub", "Records/0/kinesis", "streams.read_kinesis"),
    ("kinesis", "pubsub", "Records/0/eventSource=aws:kinesis", "streams.read_kinesis"),
    ("kinesis", "pubsub", "Records/0/kinesisSchemaVersion", "streams.read_kinesis"),
    ("ses", "other", "Records/0/ses", "notices.read_mail"),
    ("codecommit", "other", "Records/0/eventSource=aws:codecommit", "notices.read_repository"),
    ("codecommit", "other", "Records/0/codecommit", "notices.read_repository"),
    ("cloudfront", "http", "Records/0/cf", "http.read_cloudfront"),
    ("msk", "pubsub", "eventSource=aws:kafka", "brokers.read_kafka"),
    ("msk", "pubsub", "Records/0/eventSource=aws:kafka", "brokers.read_kafka"),
    ("kafka", "pubsub", "eventSource=SelfManagedKafka", "brokers.read_kafka"),
    ("kafka", "pubsub", "Records/0/eventSource=SelfManagedKafka", "brokers.read_kafka"),
    ("activemq", "pubsub", "eventSource=aws:mq", "brokers.read_activemq"),
    ("activemq", "pubsub", "eventSource=aws:amq", "brokers.read_activemq"),
    ("activemq", "pubsub", "Records/0/eventSource=aws:mq", "brokers.read_activemq"),
    ("activemq", "pubsub", "Records/0/eventSource=aws:amq", "brokers.read_activemq"),
    ("rabbitmq", "pubsub", "eventSource=aws:rmq", "brokers.read_rabbitmq"),
    ("documentdb", "datasource", "eventSource=aws:docdb", "streams.read_documentdb"),
    ("documentdb", "datasource", "eventSourceArn, events/0/event/operationType", "streams.read_documentdb"),
    ("kinesis-analytics", "pubsub", "applicationArn, records/0/recordId", "streams.read_firehose"),
    ("firehose", "pubsub", "invocationId, records/0/recordId", "streams.read_firehose"),
    ("s3-batch", "datasource", "invocationSchemaVersion, tasks", "objects.read_batch"),
    # HTTP. Authorizers first: their events have all that those of their APIs have.
    ("apigateway-authorizer", "http", "methodArn, type=TOKEN", "http.read_token_authorizer"),
    ("apigateway-authorizer", "http", "methodArn, type=REQUEST", "http.read_rest_authorizer"),
    ("apigateway-authorizer", "http", "routeArn, type=REQUEST", "http.read_http_api_authorizer"),
    ("alb", "http", "requestContext/elb", "http.read_load_balancer"),
    ("lattice", "http", "requestContext/serviceNetworkArn", "http.read_lattice"),
    ("lattice", "http", "raw_path, method", "http.read_lattice"),
    ("apigateway-websocket", "http", "requestContext/connectionId", "http.read_websocket"),
    ("function-url", "http", "requestContext/domainName~.lambda-url.", "http.read_function_url"),
    ("apigateway-http", "http", "requestContext/http", "http.read_http_api"),
    ("apigateway-http", "http", "version=2.0, routeKey, rawPath", "http.read_http_api"),
    ("apigateway-rest", "http", "requestContext/stage, httpMethod", "http.read_rest"),
    ("apigateway-rest", "http", "requestContext/stage, resource", "http.read_rest"),
    ("apigateway-rest", "http", "resource, path, httpMethod", "http.read_rest"),
    ("s3-object-lambda", "datasource", "getObjectContext, userRequest", "objects.read_object_lambda"),
    ("appsync", "http", "info/fieldName, info/parentTypeName", "invokers.read_appsync"),
    ("appsync", "http", "Records/0/info/fieldName, Records/0/info/parentTypeName", "invokers.read_appsync"),
    ("appsync-events", "http", "info/channelNamespace, info/operation", "invokers.read_appsync_events"),
    # Buses and clocks.
    ("eventbridge-scheduler", "timer", "detail-type=Scheduled Event, source=aws.scheduler", "buses.read_schedule"),
    ("eventbridge-schedule", "timer", "detail-type=Scheduled Event", "buses.read_schedule"),
    ("eventbridge", "pubsub", "detail-type, source", "buses.read_event"),
    # Services that invoke the function as a part of what they do.
    ("durable-execution", "other", "DurableExecutionArn", "invokers.read_durable"),
    (
        "lambda-destination",
        "other",
        "requestContext/condition, requestContext/functionArn",
        "invokers.read_destination",
    ),
    ("cloudwatch-logs", "pubsub", "awslogs/data", "notices.read_logs"),
    ("cloudwatch-alarm", "other", "alarmArn, alarmData", "notices.read_alarm"),
    ("config", "other", "invokingEvent, configRuleName", "notices.read_config"),
    # What messages carry, and functions that are given a part of it.
    ("sns", "pubsub", "Type=Notification, TopicArn", "queues.read_sns"),
    ("s3", "datasource", "Event=s3:TestEvent", "objects.read_test"),
    ("s3", "datasource", "bucket/name, object/key, requester", "objects.read_detail"),
    ("dynamodb", "datasource", "dynamodb/Keys", "streams.read_dynamodb"),
    ("cloudwatch-logs", "pubsub", "messageType, logGroup", "notices.read_logs"),
    ("cloudwatch-alarm", "other", "AlarmName, NewStateValue", "notices.read_alarm"),
    ("ses", "other", "mail/messageId, eventType", "notices.read_mail_notice"),
    ("ses", "other", "mail/messageId, notificationType", "notices.read_mail_notice"),
    ("ses", "other", "mail/messageId, mail/sourceArn", "notices.read_mail_notice"),
    # HTTP of another kind, as from servers that imitate API Gateway.
    ("http", "http", "requestContext, headers", "http.read_rest"),
    ("http", "http", "requestContext, multiValueHeaders", "http.read_rest"),
)

# Name, kind, how it is told, where its resource stands, and where its operation.
PLAIN = (
    (
        "appsync-authorizer",
        "http",
        "authorizationToken, requestContext/apiId",
        "requestContext/apiId",
        "requestContext/operationName",
    ),
    ("cognito", "other", "triggerSource, userPoolId", "userPoolId", "triggerSource"),
    ("cognito", "other", "identityPoolId, datasetName", "identityPoolId", "eventType"),
    ("cloudformation", "other", "RequestType, StackId, LogicalResourceId", "LogicalResourceId", "RequestType"),
    ("codepipeline", "other", "CodePipeline.job", "CodePipeline.job/id", ""),
    ("bedrock-agent", "other", "agent/alias, actionGroup, apiPath", "agent/name", "apiPath"),
    ("bedrock-agent", "other", "agent/alias, actionGroup", "agent/name", "function"),
    ("lex", "other", "sessionState/intent, bot/name", "bot/name", "sessionState/intent/name"),
    ("lex", "other", "currentIntent, bot/name", "bot/name", "currentIntent/name"),
    ("alexa", "other", "request/type, context/System", "request/intent/name", "request/type"),
    ("alexa", "other", "session/application/applicationId, request/type", "request/intent/name", "request/type"),
    ("alexa", "other", "directive/header/namespace~Alexa", "directive/header/namespace", "directive/header/name"),
    ("alexa", "other", "header/namespace~Alexa", "header/namespace", "header/name"),
    ("connect", "other", "Details/ContactData", "Details/ContactData/Channel", "Name"),
    (
        "transfer",
        "other",
        "serviceMetadata/transferDetails",
        "serviceMetadata/transferDetails/serverId",
        "serviceMetadata/executionDetails/workflowId",
    ),
    ("transfer", "other", "serverId, username, protocol", "serverId", "protocol"),
    ("secretsmanager", "other", "Step, SecretId, ClientRequestToken", "SecretId", "Step"),
    ("iot", "other", "deviceEvent, deviceInfo", "deviceInfo/deviceId", "deviceInfo/type"),
    ("iot", "other", "serialNumber, batteryVoltage, clickType", "serialNumber", "clickType"),
    ("iot", "other", "clientId, eventType, principalIdentifier", "clientId", "eventType"),
    ("iot", "other", "event/payload/detector", "event/payload/detector/detectorModelName", "event/eventName"),
    ("workmail", "other", "summaryVersion, envelope/mailFrom", "", "flowDirection"),
    ("sagemaker", "other", "labelingJobArn", "labelingJobArn", ""),
)

STEP_FUNCTIONS = ("stepfunctions", "other", "", "invokers.read_step_functions")
"""Told by its context object, which may be any member of the input."""


def trigger_in(event: dict[str, Any], reading: Reading) -> Trigger | None:
    """None if no source sends such events."""
    if not _FIRSTS.isdisjoint(event):
        for row in READ:
            if _first(row[2]) in event and _fits(event, row[2]):
                return _read(event, row, reading)
        for name, kind, told, resource, operation in PLAIN:
            if _first(told) in event and _fits(event, told):
                trigger = _of_kind(name, kind)
                trigger.resource = text_at(event, *resource.split("/"))
                trigger.operation = text_at(event, *operation.split("/"))
                return trigger
    return _read(event, STEP_FUNCTIONS, reading) if context_object(event) else None


def _read(event: dict[str, Any], row: tuple[str, str, str, str], reading: Reading) -> Trigger:
    name, kind, _, reader = row
    trigger = _of_kind(name, kind)
    module, _, function = reader.partition(".")
    getattr(_MODULES[module](), function)(event, trigger, reading)
    return trigger


def _of_kind(name: str, kind: str) -> Trigger:
    trigger = Trigger(name, kind)
    trigger.span_kind = "consumer" if kind == "pubsub" else "server"
    return trigger


def _fits(event: dict[str, Any], told: str) -> bool:
    return all(_holds(event, condition) for condition in told.split(", "))


def _holds(event: dict[str, Any], condition: str) -> bool:
    for sign in "=~":
        path, is_there, text = condition.partition(sign)
        if is_there:
            found = at(event, *path.split("/"))
            return isinstance(found, str) and (found == text if sign == "=" else text in found)
    return at(event, *condition.split("/")) is not None


def _first(told: str) -> str:
    return told.partition(",")[0].partition("/")[0].partition("=")[0]


_FIRSTS = frozenset(_first(row[2]) for row in (*READ, *PLAIN))
"""Most messages, which carry nothing, are passed over by this alone."""


def _brokers() -> ModuleType:
    from aftercall.recognition.sources import brokers  # noqa: PLC0415

    return brokers


def _buses() -> ModuleType:
    from aftercall.recognition.sources import buses  # noqa: PLC0415

    return buses


def _http() -> ModuleType:
    from aftercall.recognition.sources import http  # noqa: PLC0415

    return http


def _invokers() -> ModuleType:
    from aftercall.recognition.sources import invokers  # noqa: PLC0415

    return invokers


def _notices() -> ModuleType:
    from aftercall.recognition.sources import notices  # noqa: PLC0415

    return notices


def _objects() -> ModuleType:
    from aftercall.recognition.sources import objects  # noqa: PLC0415

    return objects


def _queues() -> ModuleType:
    from aftercall.recognition.sources import queues  # noqa: PLC0415

    return queues


def _streams() -> ModuleType:
    from aftercall.recognition.sources import streams  # noqa: PLC0415

    return streams


_MODULES = {
    "brokers": _brokers,
    "buses": _buses,
    "http": _http,
    "invokers": _invokers,
    "notices": _notices,
    "objects": _objects,
    "queues": _queues,
    "streams": _streams,
}
