"""Service, region, bucket at every kind of endpoint: what AWS's documentation says of its hosts."""

from __future__ import annotations

import pytest

from aftercall.recognition.calls import operation_of
from tests.recognition.calls import aws, exchange, operation
from tests.recognition.sent_by_botocore import authorization

OBJECTS = {
    "virtual host": "https://receipts.s3.eu-west-1.amazonaws.com/a/1.json",
    "path": "https://s3.eu-west-1.amazonaws.com/receipts/a/1.json",
    "dual-stack": "https://receipts.s3.dualstack.eu-west-1.amazonaws.com/a/1.json",
    "dual-stack path": "https://s3.dualstack.eu-west-1.amazonaws.com/receipts/a/1.json",
    "FIPS": "https://receipts.s3-fips.us-gov-west-1.amazonaws.com/a/1.json",
    "global": "https://receipts.s3.amazonaws.com/a/1.json",
    "legacy": "https://receipts.s3-eu-west-1.amazonaws.com/a/1.json",
    "accelerated": "https://receipts.s3-accelerate.amazonaws.com/a/1.json",
    "China": "https://receipts.s3.cn-north-1.amazonaws.com.cn/a/1.json",
    "European cloud": "https://receipts.s3.eusc-de-east-1.amazonaws.eu/a/1.json",
    "VPC endpoint": "https://receipts.bucket.vpce-0ab1-2cd3.s3.eu-west-1.vpce.amazonaws.com/a/1.json",
    "VPC endpoint path": "https://bucket.vpce-0ab1-2cd3.s3.eu-west-1.vpce.amazonaws.com/receipts/a/1.json",
    "custom endpoint": "http://localhost:9000/receipts/a/1.json",
    "custom virtual host": "http://receipts.s3.localhost.localstack.cloud:4566/a/1.json",
}
BUCKETS = {
    "dots": ("https://shop.receipts.s3.eu-west-1.amazonaws.com/k", "shop.receipts"),
    "access point": ("https://reader-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/k", "reader-123456789012"),
    "access point's ARN": (
        "https://s3.eu-west-1.amazonaws.com/arn%3Aaws%3As3%3Aeu-west-1%3A123456789012%3Aaccesspoint%2Freader/k",
        "reader",
    ),
    "express": (
        "https://fast--euw1-az1--x-s3.s3express-euw1-az1.eu-west-1.amazonaws.com/k", "fast--euw1-az1--x-s3",
    ),
}  # fmt: skip
SCOPED = {
    "ordinary": ("https://sqs.eu-west-1.amazonaws.com/", "eu-west-1"),
    "VPC endpoint": ("https://vpce-0ab1-2cd3.sqs.eu-west-1.vpce.amazonaws.com/", "eu-west-1"),
    "FIPS": ("https://sqs-fips.us-gov-east-1.amazonaws.com/", "us-gov-east-1"),
    "dual-stack": ("https://sqs.eu-west-1.api.aws/", "eu-west-1"),
    "China": ("https://sqs.cn-northwest-1.amazonaws.com.cn/", "cn-northwest-1"),
    "isolated": ("https://sqs.us-iso-east-1.c2s.ic.gov/", "us-iso-east-1"),
    "custom": ("http://127.0.0.1:9324/", "eu-central-1"),
}
USERS = (
    "https://abc123.lambda-url.eu-west-1.on.aws/orders",
    "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/orders",
    "https://site.s3-website.eu-west-1.amazonaws.com/orders",
    "https://lb-123.eu-west-1.elb.amazonaws.com/orders",
    "https://ec2-3-4-5-6.eu-west-1.compute.amazonaws.com/orders",
    "https://awsome.example.com/orders",
)


@pytest.mark.parametrize("url", OBJECTS.values(), ids=OBJECTS)
def test_an_object_is_the_same_at_each_endpoint(url) -> None:
    found = operation(url, "GET", headers={"Authorization": authorization("s3")})
    assert (found.service, found.name, found.resource) == ("S3", "GetObject", "receipts/a/1.json")
    assert found.attributes["aws.s3.bucket"] == "receipts"
    assert found.attributes["aws.s3.key"] == "a/1.json"


@pytest.mark.parametrize(("url", "bucket"), BUCKETS.values(), ids=BUCKETS)
def test_what_stands_for_a_bucket_is_told(url, bucket) -> None:
    found = operation(url, "GET", headers={"Authorization": authorization("s3")})
    assert (found.name, found.resource) == ("GetObject", f"{bucket}/k")


@pytest.mark.parametrize("url", OBJECTS.values(), ids=OBJECTS)
def test_public_objects_need_no_signature(url) -> None:
    found = operation(url, "GET")
    if "localhost" in url:  # nothing tells of AWS
        assert found.api == "http"
    else:
        assert (found.service, found.name, found.resource) == ("S3", "GetObject", "receipts/a/1.json")


@pytest.mark.parametrize(("url", "region"), SCOPED.values(), ids=SCOPED)
def test_the_scope_tells_service_and_region(url, region) -> None:
    headers = {"Authorization": authorization("sqs", region), "X-Amz-Target": "AmazonSQS.ListQueues"}
    found = operation(url, headers=headers)
    assert (found.service, found.name, found.region) == ("SQS", "ListQueues", region)


def test_an_account_of_dynamodb_has_a_host_of_its_own() -> None:
    url = "https://123456789012.ddb.eu-west-1.amazonaws.com/"
    found = aws("dynamodb", "DynamoDB_20120810.GetItem", url=url, body={"TableName": "orders"})
    assert (found.service, found.name, found.resource) == ("DynamoDB", "GetItem", "orders")


def test_a_signature_for_any_region_takes_it_from_the_host() -> None:
    header = (
        "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20260829/s3/aws4_request, SignedHeaders=host, Signature=3045"
    )
    found = operation("https://receipts.s3.eu-west-1.amazonaws.com/k", "GET", headers={"Authorization": header})
    assert (found.service, found.name, found.region) == ("S3", "GetObject", "eu-west-1")


def test_a_presigned_url_is_a_call_of_its_service() -> None:
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260829%2Feu-west-1%2Fs3%2Faws4_request"
    found = operation(f"http://minio:9000/receipts/k?{query}&X-Amz-Signature=abc", "PUT", body=b"x")
    assert (found.name, found.resource, found.region) == ("PutObject", "receipts/k", "eu-west-1")


def test_calls_without_signature_are_known_by_host_or_form() -> None:
    form = b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::123456789012:role/reader"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "amz-sdk-invocation-id": "i"}
    for url in ("https://sts.eu-west-1.amazonaws.com/", "http://127.0.0.1:5000/"):
        found = operation(url, headers=headers, body=form)
        assert (found.service, found.name, found.resource) == ("STS", "AssumeRoleWithWebIdentity", "reader")


@pytest.mark.parametrize("url", USERS)
def test_apis_and_sites_of_users_are_no_calls_of_aws(url) -> None:
    for headers in ({}, {"Authorization": authorization("execute-api")}, {"Authorization": authorization("lambda")}):
        found = operation_of(exchange(url, "GET", headers=headers))
        assert found is not None
        assert (found.api, found.service) == ("http", "")
