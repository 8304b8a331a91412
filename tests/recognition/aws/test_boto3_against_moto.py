"""What boto3 was asked for is what the recogniser says: at a custom endpoint, and at AWS's own hosts.

Names, resources, errors and ids are those of the caller: botocore's models, the parameters, boto3's own answer.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from moto import mock_aws

from aftercall.recognition.calls import operation_of
from aftercall.recognition.dynamodb_items import item_hash, key_hash, pointer_hash
from aftercall.recognition.pointers import s3_object
from tests.moto_server import moto_server
from tests.recognition.aws.through_boto3 import REGION, Account, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aftercall.recognition.operation import Operation

NUMBER = "123456789012"
TOPIC = f"arn:aws:sns:{REGION}:{NUMBER}:paid"
MACHINE = f"arn:aws:states:{REGION}:{NUMBER}:stateMachine:checkout"
ROLE = f"arn:aws:iam::{NUMBER}:role/reader"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{NUMBER}/orders"
ITEM = {"id": {"S": "1"}, "total": {"N": "7.50"}}
KEY = {"id": {"S": "1"}}
TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
SCHEDULE = {
    "Name": "nightly",
    "ScheduleExpression": "rate(1 day)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": QUEUE, "RoleArn": ROLE},
}
PUT_ITEM = {"TableName": "orders", "Item": ITEM}
STEPS = '{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}'
TRUST = '{"Version":"2012-10-17","Statement":[]}'


class Row(NamedTuple):
    """One call, and what it is, in words of AWS. `error`: where AWS has another name than boto3."""

    service: str
    method: str
    parameters: dict[str, Any]
    service_id: str
    operation: str
    resource: str = ""
    error: str | None = None


ROWS = (
    Row("dynamodb", "create_table", TABLE, "DynamoDB", "CreateTable", "orders"),
    Row("dynamodb", "put_item", PUT_ITEM, "DynamoDB", "PutItem", "orders"),
    Row("dynamodb", "put_item", PUT_ITEM | {"ConditionExpression": "attribute_not_exists(id)"}, "DynamoDB", "PutItem", "orders"),
    Row("dynamodb", "get_item", {"TableName": "orders", "Key": KEY}, "DynamoDB", "GetItem", "orders"),
    Row("dynamodb", "query", {"TableName": "orders", "KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "1"}}}, "DynamoDB", "Query", "orders"),
    Row("dynamodb", "delete_item", {"TableName": "orders", "Key": KEY}, "DynamoDB", "DeleteItem", "orders"),
    Row("dynamodb", "scan", {"TableName": "missing"}, "DynamoDB", "Scan", "missing"),
    Row("s3", "create_bucket", {"Bucket": "receipts", "CreateBucketConfiguration": {"LocationConstraint": REGION}}, "S3", "CreateBucket", "receipts"),
    Row("s3", "put_object", {"Bucket": "receipts", "Key": "a b/1+1.json", "Body": b"{}"}, "S3", "PutObject", "receipts/a b/1+1.json"),
    Row("s3", "get_object", {"Bucket": "receipts", "Key": "missing"}, "S3", "GetObject", "receipts/missing"),
    # Without a body nothing names the error: boto3 says the status.
    Row("s3", "head_object", {"Bucket": "receipts", "Key": "missing"}, "S3", "HeadObject", "receipts/missing", error=""),
    Row("s3", "copy_object", {"Bucket": "receipts", "Key": "copy", "CopySource": "receipts/a b/1+1.json"}, "S3", "CopyObject", "receipts/copy"),
    Row("s3", "list_objects_v2", {"Bucket": "receipts"}, "S3", "ListObjectsV2", "receipts"),
    Row("s3", "put_object_tagging", {"Bucket": "receipts", "Key": "copy", "Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}, "S3", "PutObjectTagging", "receipts/copy"),
    Row("s3", "create_multipart_upload", {"Bucket": "receipts", "Key": "big"}, "S3", "CreateMultipartUpload", "receipts/big"),
    Row("s3", "delete_object", {"Bucket": "receipts", "Key": "copy"}, "S3", "DeleteObject", "receipts/copy"),
    Row("sqs", "create_queue", {"QueueName": "orders"}, "SQS", "CreateQueue", "orders"),
    Row("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "x"}, "SQS", "SendMessage", "orders"),
    Row("sqs", "get_queue_url", {"QueueName": "missing"}, "SQS", "GetQueueUrl", "missing", error="QueueDoesNotExist"),
    Row("sns", "create_topic", {"Name": "paid"}, "SNS", "CreateTopic", "paid"),
    Row("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, "SNS", "Publish", "paid"),
    Row("sns", "publish", {"TopicArn": TOPIC + "-not", "Message": "x"}, "SNS", "Publish", "paid-not"),
    Row("kinesis", "create_stream", {"StreamName": "clicks", "ShardCount": 1}, "Kinesis", "CreateStream", "clicks"),
    Row("kinesis", "put_record", {"StreamName": "clicks", "Data": b"x", "PartitionKey": "1"}, "Kinesis", "PutRecord", "clicks"),
    Row("firehose", "put_record", {"DeliveryStreamName": "missing", "Record": {"Data": b"x"}}, "Firehose", "PutRecord", "missing"),
    Row("events", "create_event_bus", {"Name": "shop"}, "EventBridge", "CreateEventBus", "shop"),
    Row("secretsmanager", "create_secret", {"Name": "db", "SecretString": "x"}, "Secrets Manager", "CreateSecret", "db"),
    Row("secretsmanager", "get_secret_value", {"SecretId": "missing"}, "Secrets Manager", "GetSecretValue", "missing"),
    Row("ssm", "put_parameter", {"Name": "/a/b", "Value": "x", "Type": "String"}, "SSM", "PutParameter", "/a/b"),
    Row("ssm", "get_parameter", {"Name": "/a/c"}, "SSM", "GetParameter", "/a/c"),
    Row("kms", "encrypt", {"KeyId": "alias/none", "Plaintext": b"x"}, "KMS", "Encrypt", "alias/none"),
    Row("sts", "get_caller_identity", {}, "STS", "GetCallerIdentity"),
    Row("sts", "assume_role", {"RoleArn": ROLE, "RoleSessionName": "test"}, "STS", "AssumeRole", "reader"),
    Row("lambda", "invoke", {"FunctionName": "missing", "Payload": b"{}"}, "Lambda", "Invoke", "missing"),
    Row("lambda", "list_functions", {}, "Lambda", "ListFunctions"),
    Row("stepfunctions", "create_state_machine", {"name": "checkout", "definition": STEPS, "roleArn": ROLE}, "SFN", "CreateStateMachine", "checkout"),
    Row("stepfunctions", "start_execution", {"stateMachineArn": MACHINE, "input": "{}"}, "SFN", "StartExecution", "checkout"),
    Row("logs", "create_log_group", {"logGroupName": "/shop"}, "CloudWatch Logs", "CreateLogGroup", "/shop"),
    Row("cloudwatch", "put_metric_data", {"Namespace": "Shop", "MetricData": [{"MetricName": "x", "Value": 1}]}, "CloudWatch", "PutMetricData", "Shop"),
    Row("cloudwatch", "get_dashboard", {"DashboardName": "none"}, "CloudWatch", "GetDashboard", "none"),
    Row("iam", "create_role", {"RoleName": "reader", "AssumeRolePolicyDocument": TRUST}, "IAM", "CreateRole", "reader"),
    Row("iam", "get_role", {"RoleName": "none"}, "IAM", "GetRole", "none"),
    Row("scheduler", "create_schedule", SCHEDULE, "Scheduler", "CreateSchedule", "nightly"),
    Row("ecs", "create_cluster", {"clusterName": "shop"}, "ECS", "CreateCluster", "shop"),
    Row("athena", "get_work_group", {"WorkGroup": "none"}, "Athena", "GetWorkGroup", "none"),
    Row("ec2", "describe_instances", {}, "EC2", "DescribeInstances"),
    Row("rds", "describe_db_instances", {"DBInstanceIdentifier": "none"}, "RDS", "DescribeDBInstances", "none"),
    Row("route53", "list_hosted_zones", {}, "Route 53", "ListHostedZones"),
    Row("sesv2", "get_configuration_set", {"ConfigurationSetName": "none"}, "SESv2", "GetConfigurationSet", "none"),
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture(scope="module", params=["custom endpoint", "AWS's hosts"])
def account(request) -> Iterator[Account]:
    if request.param == "custom endpoint":
        yield Account(request.getfixturevalue("server"))
        return
    with mock_aws():
        yield Account(None)


@pytest.fixture(scope="module")
def answers(account) -> list[tuple[Row, Answer]]:
    """In the order of the table: what is made stays for the next calls."""
    return [(row, account.call(row.service, row.method, **row.parameters)) for row in ROWS]


def test_there_are_as_many_as_were_promised() -> None:
    assert len({(row.service_id, row.operation) for row in ROWS}) >= 40
    assert len({row.service_id for row in ROWS}) >= 15


def test_names_resources_errors_and_ids_are_the_callers(answers) -> None:
    seen, wanted = [], []
    for row, answer in answers:
        found = recognised(answer)
        error = answer.code if row.error is None else row.error
        seen.append((found.service, found.name, found.resource, found.error_code, found.request_id, found.region))
        request_id = answer.parsed["ResponseMetadata"].get("RequestId")
        if not request_id or row.service == "ec2":  # boto3 tells none of a HEAD that fails, moto writes another for EC2
            request_id = found.request_id
        is_global = row.service in {"iam", "route53"} and answer.exchange.url.host != "127.0.0.1"
        region = "us-east-1" if is_global else REGION
        wanted.append((row.service_id, row.operation, row.resource, error, request_id, region))
    assert seen == wanted


def test_each_call_knows_its_try(answers) -> None:
    found = [recognised(answer) for _, answer in answers]
    assert {one.attempt for one in found} == {1}
    assert len({one.invocation_id for one in found}) == len(found)


def test_nothing_of_the_key_is_kept(answers) -> None:
    for _, answer in answers:
        found = recognised(answer)
        held = " ".join(str(getattr(found, name)) for name in found.__slots__)
        assert "AKIDEXAMPLE" not in held
        assert "Signature" not in held


def test_spans_are_named_by_the_conventions(answers) -> None:
    named = {row.operation: (recognised(answer).span_name, recognised(answer).kind) for row, answer in answers}
    assert named["GetItem"] == ("DynamoDB.GetItem", "client")
    assert named["SendMessage"] == ("send orders", "producer")
    assert named["GetSecretValue"] == ("Secrets Manager.GetSecretValue", "client")


# ---- the flow: what boto3 was answered ----


def ids_of(*path: str) -> Callable[[dict[str, Any]], list[str]]:
    """The texts at the end of a path through lists of the parsed answer."""

    def find(parsed: Any) -> list[str]:
        found = [parsed]
        for name in path:
            inner = [one[name] for one in found if name in one]
            found = list(itertools.chain.from_iterable(one if isinstance(one, list) else [one] for one in inner))
        return found

    return find


BATCH = [{"Id": "a", "MessageBody": "x"}, {"Id": "b", "MessageBody": "y"}]
NOTES = [{"Id": "1", "Message": "x"}, {"Id": "2", "Message": "y"}]
EVENTS = [{"Source": "a", "DetailType": "b", "Detail": "{}"}, {"Source": "", "DetailType": "b", "Detail": "{}"}]
SENT: dict[str, tuple[str, str, dict[str, Any], str, Any]] = {
    "message": ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "x"}, "sqs:", ids_of("MessageId")),
    "messages": ("sqs", "send_message_batch", {"QueueUrl": QUEUE, "Entries": BATCH}, "sqs:", ids_of("Successful", "MessageId")),
    "note": ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, "sns:", ids_of("MessageId")),
    "notes": ("sns", "publish_batch", {"TopicArn": TOPIC, "PublishBatchRequestEntries": NOTES}, "sns:", ids_of("Successful", "MessageId")),
    "events": ("events", "put_events", {"Entries": EVENTS}, "events:", ids_of("Entries", "EventId")),
    "record": ("kinesis", "put_record", {"StreamName": "clicks", "Data": b"x", "PartitionKey": "1"}, "kinesis:shardId-000000000000:", ids_of("SequenceNumber")),
    "records": ("kinesis", "put_records", {"StreamName": "clicks", "Records": [{"Data": b"x", "PartitionKey": "1"}] * 2}, "kinesis:shardId-000000000000:", ids_of("Records", "SequenceNumber")),
    "execution": ("stepfunctions", "start_execution", {"stateMachineArn": MACHINE, "input": "{}"}, "states:", ids_of("executionArn")),
    "object": ("s3", "put_object", {"Bucket": "receipts", "Key": "a/1", "Body": b"x"}, "s3:receipts/a/1@", lambda parsed: [parsed["ETag"].strip('"')]),
    "copy": ("s3", "copy_object", {"Bucket": "receipts", "Key": "c", "CopySource": "receipts/a/1"}, "s3:receipts/c@", lambda parsed: [parsed["CopyObjectResult"]["ETag"].strip('"')]),
    "deletion": ("s3", "delete_object", {"Bucket": "receipts", "Key": "a/1"}, "s3:receipts/a/1", lambda parsed: [""]),
    "deletions": ("s3", "delete_objects", {"Bucket": "receipts", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}}, "s3:receipts/", lambda parsed: ["a", "b"]),
    "item": ("dynamodb", "put_item", PUT_ITEM, "dynamodb:orders/item:", lambda parsed: [item_hash(ITEM)]),
    "deleted item": ("dynamodb", "delete_item", {"TableName": "orders", "Key": KEY}, "dynamodb:orders/key:", lambda parsed: [key_hash(KEY)]),
    "failed": ("sns", "publish", {"TopicArn": TOPIC + "-not", "Message": "x"}, "", lambda parsed: []),
}  # fmt: skip


@pytest.mark.parametrize("name", SENT)
def test_join_keys_are_made_of_the_ids_of_the_answer(account, answers, name) -> None:
    service, method, parameters, prefix, ids = SENT[name]
    answer = account.call(service, method, **parameters)
    assert recognised(answer).sent == [prefix + one for one in ids(answer.parsed)]


def test_messages_that_are_polled_join_those_that_were_sent(account, answers) -> None:
    account.call("sqs", "purge_queue", QueueUrl=QUEUE)
    header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    system = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}}
    sent = account.call("sqs", "send_message", QueueUrl=QUEUE, MessageBody="x", MessageSystemAttributes=system)
    answer = account.call("sqs", "receive_message", QueueUrl=QUEUE, MessageSystemAttributeNames=["All"])
    found = recognised(answer)
    assert found.received == recognised(sent).sent == [f"sqs:{sent.parsed['MessageId']}"]
    assert found.links == [("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")]
    assert (found.span_name, found.kind, found.items) == ("receive orders", "client", 1)


def test_an_object_of_several_parts_joins_by_its_last_call(account, answers) -> None:
    big = {"Bucket": "receipts", "Key": "big"}
    begun = account.call("s3", "create_multipart_upload", **big)
    big["UploadId"] = begun.parsed["UploadId"]
    part = account.call("s3", "upload_part", **big, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part.parsed["ETag"]}]}
    done = account.call("s3", "complete_multipart_upload", **big, MultipartUpload=parts)
    found = [recognised(answer) for answer in (begun, part, done)]
    assert [one.name for one in found] == ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]
    etag = done.parsed["ETag"].strip('"')
    assert [one.sent for one in found] == [[], [], [f"s3:receipts/big@{etag}"]]
    assert found[2].pointers == [("aws.s3.object", s3_object("receipts", "big", etag))]
    assert found[1].attributes["aws.s3.part_number"] == 1
    assert found[1].attributes["aws.s3.upload_id"] == big["UploadId"]


def test_an_item_has_a_pointer_where_its_key_is_known(account, answers) -> None:
    answer = account.call("dynamodb", "delete_item", TableName="orders", Key=KEY)
    assert recognised(answer).pointers == [("aws.dynamodb.item", pointer_hash("orders", KEY))]


def test_entries_that_fail_are_counted(account, answers) -> None:
    found = recognised(account.call("events", "put_events", Entries=EVENTS))
    assert (found.items, found.failed_items, found.error_code) == (2, 1, "InvalidArgument")


def recognised(answer: Answer) -> Operation:
    found = operation_of(answer.exchange)
    assert found is not None
    assert found.api == "aws"
    return found
