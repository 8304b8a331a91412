"""What names an operation on the wire, and what does not mislead."""

from __future__ import annotations

import pytest

from tests.recognition.calls import aws, operation
from tests.recognition.sent_by_botocore import authorization

CBOR = {"smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_an_operation_newer_than_the_table_has_its_name() -> None:
    found = aws("dynamodb", "DynamoDB_20120810.ForgetTable", body={"TableName": "orders"})
    assert (found.service, found.name, found.resource) == ("DynamoDB", "ForgetTable", "orders")


def test_a_service_newer_than_the_table_has_its_signing_name() -> None:
    found = aws("quantum-ledger", "QuantumLedger_2027.Entangle")
    assert (found.service, found.name) == ("quantum-ledger", "Entangle")


def test_cbor_names_its_operation_in_the_path() -> None:
    url = "https://monitoring.eu-west-1.amazonaws.com/service/GraniteServiceVersion20100801/operation/PutMetricData"
    found = aws("monitoring", url=url, headers=CBOR, body=b"\xa1\x69Namespace\x64Shop")
    assert (found.service, found.name, found.resource) == ("CloudWatch", "PutMetricData", "Shop")


def test_kinesis_of_older_sdks_speaks_cbor() -> None:
    body = b"\xbf\x6aStreamName\x66clicks\x64Data\x43abc\xff"
    answer = b"\xbf\x67ShardId\x63s-1\x6eSequenceNumber\x6249\xff"
    headers = {"Content-Type": "application/x-amz-cbor-1.1"}
    found = aws("kinesis", "Kinesis_20131202.PutRecord", headers=headers, body=body, answer=answer, answered=headers)
    assert (found.name, found.resource, found.sent) == ("PutRecord", "clicks", ["kinesis:s-1:49"])


def test_sqs_of_older_sdks_speaks_the_query_protocol() -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
    body = b"Action=SendMessage&Version=2012-11-05&MessageBody=x&QueueUrl=https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F1%2Forders"
    answer = (
        b"<SendMessageResponse><SendMessageResult><MessageId>m-1</MessageId></SendMessageResult></SendMessageResponse>"
    )
    found = aws("sqs", url=url, headers=FORM, body=body, answer=answer)
    assert (found.service, found.name, found.resource) == ("SQS", "SendMessage", "orders")
    assert (found.sent, found.span_name, found.kind) == (["sqs:m-1"], "send orders", "producer")


def test_a_form_in_the_url_names_its_operation() -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ListTopics&Version=2010-03-31"
    found = aws("sns", url=url, method="GET")
    assert (found.service, found.name) == ("SNS", "ListTopics")


def test_newer_sdks_say_what_they_ask_s3_for() -> None:
    found = aws("s3", url="https://receipts.s3.eu-west-1.amazonaws.com/k?x-id=DoSomethingNew", method="GET")
    assert (found.name, found.resource) == ("DoSomethingNew", "receipts/k")


@pytest.mark.parametrize(
    ("target", "method", "headers", "name"),
    [
        ("/k", "PUT", {}, "PutObject"),
        ("/k", "PUT", {"x-amz-copy-source": "other/k"}, "CopyObject"),
        ("/k?partNumber=1&uploadId=u", "PUT", {}, "UploadPart"),
        ("/k?partNumber=1&uploadId=u", "PUT", {"x-amz-copy-source": "other/k"}, "UploadPartCopy"),
        ("/k?tagging", "PUT", {}, "PutObjectTagging"),
        ("/k?tagging=", "PUT", {}, "PutObjectTagging"),
        ("/folder/", "PUT", {}, "PutObject"),
        ("/?uploads", "GET", {}, "ListMultipartUploads"),
        ("/?list-type=2&prefix=a%2F", "GET", {}, "ListObjectsV2"),
        ("/?delete", "POST", {}, "DeleteObjects"),
        ("/k?versionId=v", "GET", {}, "GetObject"),
    ],
)
def test_sub_resources_of_s3_are_operations(target, method, headers, name) -> None:
    found = aws("s3", url=f"https://receipts.s3.eu-west-1.amazonaws.com{target}", method=method, headers=headers)
    assert found.name == name


def test_directory_buckets_are_signed_for_a_name_of_their_own() -> None:
    url = "https://fast--euw1-az1--x-s3.s3express-euw1-az1.eu-west-1.amazonaws.com/k"
    assert (aws("s3express", url=url, method="GET").service, aws("s3express", url=url, method="GET").name) == (
        "S3",
        "GetObject",
    )
    control = "https://s3express-control.eu-west-1.amazonaws.com/v20180820/accesspoint/reader/scope"
    found = aws("s3express", url=control, method="GET")
    assert (found.service, found.name, found.resource) == ("S3 Control", "GetAccessPointScope", "reader")


def test_a_stage_before_the_path_is_skipped() -> None:
    url = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/@connections/L0SM9cOFvHcCIhw%3D"
    found = aws("execute-api", url=url)
    assert (found.service, found.name, found.resource) == (
        "ApiGatewayManagementApi", "PostToConnection", "L0SM9cOFvHcCIhw=",
    )  # fmt: skip


def test_the_client_tells_services_apart_that_share_their_calls() -> None:
    agent = {"User-Agent": "aws-sdk-js/3.900.0 ua/2.1 os/linux lang/js api/neptune#3.900.0", **FORM}
    body = b"Action=DescribeDBClusters&Version=2014-10-31"
    assert aws("rds", headers=agent, body=body).service == "Neptune"
    assert aws("rds", headers=FORM, body=body).service == "RDS"


def test_a_checkpoint_of_a_durable_execution_is_an_operation() -> None:
    arn = "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aorders%3A1%2Fdurable-execution%2Frun%2F7"
    found = aws("lambda", url=f"https://lambda.eu-west-1.amazonaws.com/2025-12-01/durable-executions/{arn}/checkpoint")
    assert (found.service, found.name) == ("Lambda", "CheckpointDurableExecution")
    assert "orders" in found.resource


def test_bedrock_tells_model_and_tokens() -> None:
    model = "anthropic.claude-sonnet-5-20260101-v1%3A0"
    url = f"https://bedrock-runtime.eu-west-1.amazonaws.com/model/{model}"
    counted = {"gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 34}
    converse = aws("bedrock", url=f"{url}/converse", answer={"usage": {"inputTokens": 12, "outputTokens": 34}})
    heads = {"X-Amzn-Bedrock-Input-Token-Count": "12", "X-Amzn-Bedrock-Output-Token-Count": "34"}
    invoke = aws("bedrock", url=f"{url}/invoke", answer=b"{}", answered=heads)
    stream = aws(
        "bedrock", url=f"{url}/converse-stream", answer=b'\0\0{"usage":{"inputTokens":12,"outputTokens":34}}\0'
    )
    assert [one.name for one in (converse, invoke, stream)] == ["Converse", "InvokeModel", "ConverseStream"]
    for one in (converse, invoke, stream):
        assert one.resource == one.attributes["gen_ai.request.model"] == "anthropic.claude-sonnet-5-20260101-v1:0"
        assert {key: one.attributes.get(key) for key in counted} == counted


def test_a_bearer_token_of_bedrock_is_known_by_its_host() -> None:
    url = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse"
    found = operation(url, headers={"Authorization": "Bearer bedrock-api-key-x"}, body={"messages": []})
    assert (found.service, found.name, found.region) == ("Bedrock Runtime", "Converse", "eu-west-1")


@pytest.mark.parametrize(
    ("signed", "url", "service", "template"),
    [
        ("xray", "https://xray.eu-west-1.amazonaws.com/v1/traces", "XRay", "/v1/traces"),
        ("es", "https://search-x.eu-west-1.es.amazonaws.com/orders/_doc/7", "OpenSearch", "/orders/_doc/{id}"),
        ("aoss", "https://x.eu-west-1.aoss.amazonaws.com/orders/_search", "OpenSearchServerless", "/orders/_search"),
        ("sts", "https://sts.eu-west-1.amazonaws.com/", "STS", ""),
    ],
)
def test_a_path_that_no_model_has_names_the_call_of_the_service(signed, url, service, template) -> None:
    found = aws(signed, url=url, body={"lastName": "Quietowl"})
    assert (found.service, found.name, found.url_template, found.resource) == (service, "", template, "")
    assert found.span_name == (f"POST {template}" if template else service)


USERS = {
    "lattice": ("vpc-lattice-svcs", "https://x.vpc-lattice-svcs.eu-west-1.on.aws/a?Action=Delete&Version=2010-03-31", {}),
    "function": ("lambda", "https://x.lambda-url.eu-west-1.on.aws/a?Action=Delete&Version=2010-03-31", {}),
    "target": ("execute-api", "https://x.execute-api.eu-west-1.amazonaws.com/a", {"X-Amz-Target": "DynamoDB_20120810.PutItem"}),
    "cbor": ("execute-api", "https://x.execute-api.eu-west-1.amazonaws.com/service/A/operation/B", CBOR),
}  # fmt: skip


@pytest.mark.parametrize("api", USERS)
def test_an_api_of_a_users_own_is_none_of_awss_whatever_is_said_to_it(api) -> None:
    signed, url, headers = USERS[api]
    found = aws(signed, url=url, headers=headers, body=b"x")
    assert (found.api, found.service) == ("http", "")


def test_tries_of_one_operation_share_their_id() -> None:
    heads = {"amz-sdk-invocation-id": "5b1c", "amz-sdk-request": "attempt=2; max=3"}
    found = aws("dynamodb", "DynamoDB_20120810.GetItem", headers=heads)
    assert (found.invocation_id, found.attempt, found.attributes["http.request.resend_count"]) == ("5b1c", 2, 1)


def test_the_scope_alone_is_kept_of_a_signature() -> None:
    found = aws("lambda", url="https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/f/invocations")
    held = repr([getattr(found, name) for name in found.__slots__])
    assert "AKIDEXAMPLE" in authorization("lambda")
    assert "AKIDEXAMPLE" not in held
