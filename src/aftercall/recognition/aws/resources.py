"""What a call acts on: which member names it, for each service in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftercall.recognition.aws.fields import Fields

MEMBERS: dict[str, tuple[str, ...]] = {
    "ApiGatewayManagementApi": ("ConnectionId", "connectionId"),
    "Athena": ("WorkGroup", "QueryExecutionId"),
    "Bedrock Agent Runtime": ("agentId", "flowIdentifier", "knowledgeBaseId"),
    "Bedrock Runtime": ("modelId",),
    "CloudFormation": ("StackName",),
    "CloudWatch": ("Namespace", "AlarmName", "DashboardName"),
    "CloudWatch Logs": ("logGroupName", "logGroupIdentifier", "logGroupArn"),
    "Cognito Identity": ("IdentityPoolId",),
    "Cognito Identity Provider": ("UserPoolId",),
    "DynamoDB": ("TableName", "GlobalTableName", "TableArn", "ResourceArn", "BackupName"),
    "DynamoDB Streams": ("StreamArn", "TableName"),
    "ECR": ("repositoryName",),
    "ECS": ("service", "serviceName", "taskDefinition", "cluster", "clusterName"),
    "EventBridge": ("EventBusName", "Rule", "Name"),
    "Firehose": ("DeliveryStreamName",),
    "Glue": ("JobName", "CrawlerName", "TableName", "Name", "DatabaseName"),
    "IoT Data Plane": ("topic", "thingName"),
    "KMS": ("KeyId", "AliasName"),
    "Kinesis": ("StreamName", "StreamARN", "ConsumerARN"),
    "Lambda": ("FunctionName", "DurableExecutionArn", "LayerName", "UUID", "Resource"),
    "RDS Data": ("resourceArn", "database"),
    "Redshift Data": ("WorkgroupName", "ClusterIdentifier"),
    "S3": ("Bucket",),
    "SESv2": ("ConfigurationSetName", "TemplateName"),
    "SFN": ("stateMachineArn", "executionArn", "activityArn", "name"),
    "SNS": ("TopicArn", "TargetArn", "SubscriptionArn", "Name"),
    "SQS": ("QueueUrl", "QueueName", "SourceArn"),
    "SSM": ("Name", "Path", "DocumentName"),
    "STS": ("RoleArn",),
    "Scheduler": ("Name", "ScheduleName", "GroupName"),
    "Secrets Manager": ("SecretId", "Name"),
    "xray": ("GroupName",),
}

_ENDINGS = ("Name", "name", "Arn", "arn", "ARN", "Identifier")
"""Of services that stand in no line: the path's last label, else the first member that ends so."""

_MAX = 256


def resource_of(service: str, fields: Fields) -> str:
    """As people say it; empty if the call names nothing."""
    if service == "S3":
        return _object(fields)
    if service == "DynamoDB":
        tables = tables_of(fields)
        if tables:
            return ", ".join(tables)[:_MAX]
    if service == "EventBridge" and "Entries" in fields.asked:
        return _bus(fields)
    names = MEMBERS.get(service)
    if names is None:
        return short(_likely(fields))
    for name in names:
        value = fields.text(name)
        if value:
            return short(value)
    return ""


def short(name: str) -> str:
    """The queue of its URL, the function of its ARN. Anything else is itself."""
    if name.startswith("arn:"):
        return _of_arn(name)[:_MAX]
    if name.startswith(("https://", "http://")):
        name = name.rstrip("/").rpartition("/")[2]
    return name[:_MAX]


def _of_arn(arn: str) -> str:
    """`arn:aws:states:eu-west-1:123456789012:stateMachine:orders`: orders."""
    named = arn.split(":", 5)[-1]
    for separator in ("/", ":"):
        kind, found, name = named.partition(separator)
        if found and kind.replace("-", "").replace("_", "").isalnum() and ":" not in kind:
            named = name
            break
    return named.partition("/stream/")[0].removesuffix(":*")


def _object(fields: Fields) -> str:
    bucket, key = short(fields.text("Bucket")), fields.text("Key")
    return f"{bucket}/{key}"[:1024] if key else bucket


def tables_of(fields: Fields) -> list[str]:
    """The tables of a batch or a transaction, in their order; [] if it is neither."""
    asked = fields.asked
    items = asked.get("RequestItems")
    if isinstance(items, dict):
        return [short(name) for name in items]
    actions = asked.get("TransactItems")
    if not isinstance(actions, list):
        return []
    found = {}
    for action in actions:
        for one in action.values() if isinstance(action, dict) else ():
            name = one.get("TableName") if isinstance(one, dict) else None
            if isinstance(name, str):
                found[short(name)] = True
    return list(found)


def _bus(fields: Fields) -> str:
    entries = fields.asked["Entries"]
    entry = entries[0] if isinstance(entries, list) and entries else None
    name = entry.get("EventBusName") if isinstance(entry, dict) else None
    return short(name) if isinstance(name, str) and name else "default"


def _likely(fields: Fields) -> str:
    if fields.labels:
        return fields.text(next(reversed(fields.labels)))
    for name, value in fields.asked.items():
        if name.endswith(_ENDINGS) and isinstance(value, str):
            return value
    return ""
