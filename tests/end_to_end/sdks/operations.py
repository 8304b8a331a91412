"""What functions ask of AWS through its SDKs, and what each call must be named: by what was asked, not by the wire."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-west-1"


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


TOPIC = arn("sns", "parcels")
MACHINE = arn("states", "stateMachine:refunds")
EXECUTION = arn("states", "execution:refunds:none")
TABLE_KEY = {"id": {"S": "17"}}


@dataclass(frozen=True)
class Asked:
    """One operation, with the input that every SDK is given; QUEUE stands for the queue's URL."""

    service: str
    """botocore's service id."""
    operation: str
    input: dict[str, Any] = field(default_factory=dict)
    resource: str = ""
    error: str = ""
    boto3: str = ""
    """Its name in boto3, where it is not the service id in small letters."""
    javascript: str = ""
    """Package and client; empty: not asked there."""
    java: str = ""

    @property
    def id(self) -> str:
        return f"{self.service}-{self.operation}{'-' + self.error if self.error else ''}".replace(" ", "")

    def event(self, queue_url: str) -> dict[str, Any]:
        package, _, client = self.javascript.partition(" ")
        return {
            "boto3": self.boto3 or self.service.lower(),
            "package": package,
            "client": client,
            "java": self.java,
            "operation": self.operation,
            "input": _filled(self.input, queue_url),
        }


def _filled(value: Any, queue_url: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(item, queue_url) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, queue_url) for item in value]
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return queue_url if value == "QUEUE" else value


def _dynamodb(operation: str, error: str = "", resource: str = "orders", **asked: Any) -> Asked:
    clients = {"javascript": "client-dynamodb DynamoDBClient", "java": "dynamodb.DynamoDb"}
    return Asked("DynamoDB", operation, asked, resource, error, **clients)


def _s3(operation: str, resource: str, error: str = "", **asked: Any) -> Asked:
    return Asked("S3", operation, asked, resource, error, javascript="client-s3 S3Client", java="s3.S3")


def _sqs(operation: str, error: str = "", resource: str = "orders", **asked: Any) -> Asked:
    return Asked("SQS", operation, asked, resource, error, javascript="client-sqs SQSClient", java="sqs.Sqs")


def _sns(operation: str, error: str = "", resource: str = "parcels", **asked: Any) -> Asked:
    return Asked("SNS", operation, asked, resource, error, javascript="client-sns SNSClient", java="sns.Sns")


def _kinesis(operation: str, **asked: Any) -> Asked:
    asked["StreamName"] = "clicks"
    clients = {"javascript": "client-kinesis KinesisClient", "java": "kinesis.Kinesis"}
    return Asked("Kinesis", operation, asked, "clicks", **clients)


def _states(operation: str, resource: str, error: str = "", **asked: Any) -> Asked:
    clients = {"boto3": "stepfunctions", "javascript": "client-sfn SFNClient", "java": "sfn.Sfn"}
    return Asked("SFN", operation, asked, resource, error, **clients)


_SECRETS = {
    "boto3": "secretsmanager",
    "javascript": "client-secrets-manager SecretsManagerClient",
    "java": "secretsmanager.SecretsManager",
}
_EVENTS = {"boto3": "events", "javascript": "client-eventbridge EventBridgeClient", "java": "eventbridge.EventBridge"}
_LAMBDA = {"javascript": "client-lambda LambdaClient", "java": "lambda.Lambda"}

_ITEM = {"id": {"S": "17"}, "total": {"N": "3.50"}}
_EVENT = {"Source": "shop", "DetailType": "ordered", "Detail": "{}", "EventBusName": "shop"}

ASKED = (
    _dynamodb("PutItem", TableName="orders", Item=_ITEM),
    _dynamodb("GetItem", TableName="orders", Key=TABLE_KEY),
    _dynamodb(
        "PutItem",
        "ConditionalCheckFailedException",
        TableName="orders",
        Item=_ITEM,
        ConditionExpression="attribute_not_exists(id)",
    ),
    _dynamodb(
        "UpdateItem",
        TableName="orders",
        Key=TABLE_KEY,
        UpdateExpression="SET seen = :seen",
        ExpressionAttributeValues={":seen": {"BOOL": True}},
    ),
    _dynamodb(
        "Query",
        TableName="orders",
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "17"}},
    ),
    _dynamodb("Scan", "ResourceNotFoundException", "no-table", TableName="no-table"),
    _dynamodb("BatchWriteItem", RequestItems={"orders": [{"PutRequest": {"Item": _ITEM}}]}),
    _dynamodb("TransactWriteItems", TransactItems=[{"Delete": {"TableName": "orders", "Key": TABLE_KEY}}]),
    _s3("PutObject", "receipts/2026/1.json", Bucket="receipts", Key="2026/1.json", Body="{}"),
    _s3("GetObject", "receipts/2026/1.json", Bucket="receipts", Key="2026/1.json"),
    _s3("GetObject", "receipts/none", "NoSuchKey", Bucket="receipts", Key="none"),
    _s3("HeadObject", "receipts/2026/1.json", Bucket="receipts", Key="2026/1.json"),
    _s3("ListObjectsV2", "receipts", Bucket="receipts", Prefix="2026/"),
    _s3("CopyObject", "receipts/copy.json", Bucket="receipts", Key="copy.json", CopySource="receipts/2026/1.json"),
    _s3("CreateMultipartUpload", "receipts/large", Bucket="receipts", Key="large"),
    _s3("GetObjectTagging", "receipts/copy.json", Bucket="receipts", Key="copy.json"),
    _s3("DeleteObject", "receipts/copy.json", Bucket="receipts", Key="copy.json"),
    _s3("DeleteObjects", "receipts", Bucket="receipts", Delete={"Objects": [{"Key": "2026/1.json"}]}),
    _s3("ListObjectsV2", "no-bucket", "NoSuchBucket", Bucket="no-bucket"),
    _sqs("SendMessage", QueueUrl="QUEUE", MessageBody="one"),
    _sqs("SendMessageBatch", QueueUrl="QUEUE", Entries=[{"Id": "a", "MessageBody": "two"}]),
    _sqs("ReceiveMessage", QueueUrl="QUEUE", MaxNumberOfMessages=2),
    _sqs("GetQueueAttributes", QueueUrl="QUEUE", AttributeNames=["All"]),
    _sqs("GetQueueUrl", "QueueDoesNotExist", "no-queue", QueueName="no-queue"),
    _sns("Publish", TopicArn=TOPIC, Message="packed"),
    _sns(
        "PublishBatch",
        TopicArn=TOPIC,
        PublishBatchRequestEntries=[{"Id": "a", "Message": "one"}, {"Id": "b", "Message": "two"}],
    ),
    _sns("Publish", "NotFound", "no-topic", TopicArn=arn("sns", "no-topic"), Message="lost"),
    _kinesis("PutRecord", Data=b"click", PartitionKey="a"),
    _kinesis("PutRecords", Records=[{"Data": b"click", "PartitionKey": "a"}]),
    _kinesis("DescribeStreamSummary"),
    Asked("EventBridge", "PutEvents", {"Entries": [_EVENT]}, "shop", **_EVENTS),
    Asked("EventBridge", "DescribeRule", {"Name": "none"}, "none", "ResourceNotFoundException", **_EVENTS),
    _states("StartExecution", "refunds", stateMachineArn=MACHINE, name="first", input="{}"),
    _states("DescribeStateMachine", "refunds", stateMachineArn=MACHINE),
    _states("DescribeExecution", "refunds:none", "ExecutionDoesNotExist", executionArn=EXECUTION),
    Asked("Secrets Manager", "GetSecretValue", {"SecretId": "card-key"}, "card-key", **_SECRETS),
    Asked("Secrets Manager", "DescribeSecret", {"SecretId": "none"}, "none", "ResourceNotFoundException", **_SECRETS),
    Asked("Lambda", "GetFunction", {"FunctionName": "none"}, "none", "ResourceNotFoundException", **_LAMBDA),
    Asked("Lambda", "ListFunctions", {}, **_LAMBDA),
    # By boto3 alone.
    Asked("SSM", "PutParameter", {"Name": "/shop/rate", "Value": "3", "Type": "String"}, "/shop/rate"),
    Asked("SSM", "GetParameter", {"Name": "/shop/none"}, "/shop/none", "ParameterNotFound"),
    Asked("KMS", "DescribeKey", {"KeyId": "alias/none"}, "alias/none", "NotFoundException"),
    Asked("STS", "GetCallerIdentity"),
    Asked("IAM", "GetRole", {"RoleName": "none"}, "none", "NoSuchEntity"),
    Asked("CloudWatch Logs", "CreateLogGroup", {"logGroupName": "/shop"}, "/shop", boto3="logs"),
    Asked(
        "CloudWatch",
        "PutMetricData",
        {"Namespace": "shop", "MetricData": [{"MetricName": "orders", "Value": 1}]},
        "shop",
    ),
    Asked("EC2", "DescribeInstances"),
    Asked("SES", "SendEmail", {
        "Source": "shop@example.com",
        "Destination": {"ToAddresses": ["maria@example.com"]},
        "Message": {"Subject": {"Data": "packed"}, "Body": {"Text": {"Data": "packed"}}},
    }, error="MessageRejected"),
    Asked("Firehose", "ListDeliveryStreams"),
    Asked("Route 53", "ListHostedZones", boto3="route53"),
    Asked("ECR", "ListImages", {"repositoryName": "none"}, "none", "RepositoryNotFoundException"),
    Asked("Athena", "ListWorkGroups"),
    Asked("ECS", "DescribeTasks", {"cluster": "none", "tasks": ["a"]}, "none", "ClusterNotFoundException"),
)  # fmt: skip
