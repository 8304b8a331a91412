"""Errors, throttling and partial failures: as AWS's documentation and botocore's shapes have them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.retries.standard import ThrottledRetryableChecker

from aftercall.recognition.aws.errors import THROTTLING
from tests.recognition.calls import aws

JSON = {"Content-Type": "application/x-amz-json-1.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LAMBDA = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/charge/invocations"
OBJECT = "https://receipts.s3.eu-west-1.amazonaws.com/k"

ERRORS = {
    "a shape's name": (400, {}, b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}', "ConditionalCheckFailedException"),
    "a bare name": (400, {}, b'{"__type":"ResourceInUseException","message":"x"}', "ResourceInUseException"),
    "a header": (404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b"{}", "ResourceNotFoundException"),
    "a header with its origin": (400, {"x-amzn-ErrorType": "ValidationException:http://internal.amazon.com/coral/"}, b"", "ValidationException"),
    "a code": (400, {}, b'{"code":"InvalidParameter"}', "InvalidParameter"),
    "XML": (404, {}, b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Key>k</Key></Error>", "NoSuchKey"),
    "XML of the query protocol": (400, {}, b"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code></Error></ErrorResponse>", "InvalidParameter"),
    "XML of EC2": (400, {}, b"<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code></Error></Errors></Response>", "InvalidInstanceID.NotFound"),
    "the query code alone": (400, {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}, b"{}", "AWS.SimpleQueueService.NonExistentQueue"),
    "the newer of two": (400, {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}, b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}', "QueueDoesNotExist"),
    "CBOR": (400, {"smithy-protocol": "rpc-v2-cbor"}, b"\xa1\x66__type\x78\x1cc.a.granite#ResourceNotFound", "ResourceNotFound"),
    "an answer that was cut": (400, {}, b'{"__type":"ThrottlingException","message":"Rate exce', "ThrottlingException"),
    "HTML of a proxy": (502, {}, b"<html><body>Bad gateway</body></html>", ""),
    "nothing": (404, {}, b"", ""),
    "a success": (200, {}, b'{"__type":"Order","code":"x"}', ""),
}  # fmt: skip


@pytest.mark.parametrize(("status", "heads", "body", "code"), ERRORS.values(), ids=ERRORS)
def test_errors_have_the_name_that_the_service_gives(status, heads, body, code) -> None:
    found = aws("dynamodb", "DynamoDB_20120810.GetItem", status=status, answered=heads, answer=body)
    assert found.error_code == code


def test_s3_fails_after_it_has_said_200() -> None:
    body = b'<?xml version="1.0"?>\n\n<Error><Code>InternalError</Code><ETag>x</ETag></Error>'
    found = aws("s3", url=f"{OBJECT}?uploadId=u", answer=body)
    assert (found.name, found.error_code, found.sent, found.pointers) == (
        "CompleteMultipartUpload", "InternalError", [], [],
    )  # fmt: skip


def test_an_object_that_looks_like_an_error_was_answered_well() -> None:
    found = aws("s3", url=OBJECT, method="GET", answer=b"<Errors><Code>x</Code></Errors>")
    assert found.error_code == ""


def test_throttling_is_what_sdks_take_for_it() -> None:
    assert set(ThrottledRetryableChecker._THROTTLED_ERROR_CODES) == THROTTLING


@pytest.mark.parametrize(
    ("status", "code", "throttled"),
    [
        (400, "ProvisionedThroughputExceededException", True),
        (503, "SlowDown", True),
        (429, "", True),
        (400, "ConditionalCheckFailedException", False),
        (503, "", False),
    ],
)
def test_throttling_is_told(status, code, throttled) -> None:
    answered = {"x-amzn-errortype": code} if code else {}
    assert aws("dynamodb", "DynamoDB_20120810.GetItem", status=status, answered=answered).throttled is throttled


TWO = [{"Id": "a"}, {"Id": "b"}]
SNS_FORM = (
    b"Action=PublishBatch&Version=2010-03-31&TopicArn=arn:aws:sns:eu-west-1:123456789012:paid"
    b"&PublishBatchRequestEntries.member.1.Id=1&PublishBatchRequestEntries.member.1.Message=x"
    b"&PublishBatchRequestEntries.member.2.Id=2&PublishBatchRequestEntries.member.2.Message=y"
)
SNS_ANSWER = (
    b"<PublishBatchResponse><PublishBatchResult><Failed><member><Id>2</Id><Code>InternalError</Code></member></Failed>"
    b"<Successful><member><Id>1</Id><MessageId>m-1</MessageId></member></Successful></PublishBatchResult></PublishBatchResponse>"
)
SQS_FORM = (
    b"Action=SendMessageBatch&Version=2012-11-05&SendMessageBatchRequestEntry.1.Id=a"
    b"&SendMessageBatchRequestEntry.1.MessageBody=x&SendMessageBatchRequestEntry.2.Id=b"
)
SQS_ANSWER = (
    b"<SendMessageBatchResult><SendMessageBatchResultEntry><Id>a</Id><MessageId>m-1</MessageId></SendMessageBatchResultEntry>"
    b"<BatchResultErrorEntry><Id>b</Id><Code>InvalidMessageContents</Code></BatchResultErrorEntry></SendMessageBatchResult>"
)
DELETED = (
    b"<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>"
)
PUT = {"PutRequest": {"Item": {"id": {"S": "1"}}}}
DELETE = {"DeleteRequest": {"Key": {"id": {"S": "2"}}}}

PARTIAL = {
    "SQS": (("sqs", "AmazonSQS.SendMessageBatch"), {"body": {"Entries": TWO}, "answer": {"Successful": [{"Id": "a", "MessageId": "m"}], "Failed": [{"Id": "b", "Code": "InvalidMessageContents"}]}}, (2, 1, "InvalidMessageContents")),
    "SQS, none failed": (("sqs", "AmazonSQS.SendMessageBatch"), {"body": {"Entries": TWO}, "answer": {"Successful": TWO, "Failed": []}}, (2, 0, "")),
    "SQS in XML": (("sqs", ""), {"headers": FORM, "body": SQS_FORM, "answer": SQS_ANSWER}, (2, 1, "InvalidMessageContents")),
    "SNS": (("sns", ""), {"headers": FORM, "body": SNS_FORM, "answer": SNS_ANSWER}, (2, 1, "InternalError")),
    "Kinesis": (("kinesis", "Kinesis_20131202.PutRecords"), {"body": {"Records": [{}] * 3}, "answer": {"FailedRecordCount": 1, "Records": [{"SequenceNumber": "1", "ShardId": "s"}, {"ErrorCode": "ProvisionedThroughputExceededException"}]}}, (3, 1, "ProvisionedThroughputExceededException")),
    "Firehose": (("firehose", "Firehose_20150804.PutRecordBatch"), {"body": {"Records": [{}] * 2}, "answer": {"FailedPutCount": 2, "RequestResponses": [{"ErrorCode": "ServiceUnavailableException"}]}}, (2, 2, "ServiceUnavailableException")),
    "EventBridge": (("events", "AWSEvents.PutEvents"), {"body": {"Entries": [{}, {}]}, "answer": {"FailedEntryCount": 1, "Entries": [{"EventId": "e"}, {"ErrorCode": "MalformedDetail"}]}}, (2, 1, "MalformedDetail")),
    "DynamoDB writes": (("dynamodb", "DynamoDB_20120810.BatchWriteItem"), {"body": {"RequestItems": {"orders": [PUT, DELETE]}}, "answer": {"UnprocessedItems": {"orders": [PUT]}}}, (2, 1, "")),
    "DynamoDB reads": (("dynamodb", "DynamoDB_20120810.BatchGetItem"), {"body": {"RequestItems": {"orders": {"Keys": [{}, {}]}, "lines": {"Keys": [{}]}}}, "answer": {"UnprocessedKeys": {"orders": {"Keys": [{}]}}}}, (3, 1, "")),
    "a call that was cut": (("kinesis", "Kinesis_20131202.PutRecords"), {"body": b'{"Records":[{"Data":"', "answer": {"FailedRecordCount": 0}}, (None, 0, "")),
    "no batch": (("sqs", "AmazonSQS.SendMessage"), {"answer": {"MessageId": "m"}}, (None, None, "")),
}  # fmt: skip


@pytest.mark.parametrize(("call", "others", "wanted"), PARTIAL.values(), ids=PARTIAL)
def test_what_failed_of_a_batch_is_counted(call, others, wanted) -> None:
    found = aws(*call, **others)
    assert (found.items, found.failed_items, found.error_code) == wanted


def test_what_s3_did_not_delete_is_counted() -> None:
    body = b"<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>"
    found = aws("s3", url="https://receipts.s3.eu-west-1.amazonaws.com/?delete", body=body, answer=DELETED)
    assert (found.items, found.failed_items, found.error_code) == (2, 1, "AccessDenied")
    assert found.sent == ["s3:receipts/a"]


def test_what_dynamodb_did_not_take_was_not_sent() -> None:
    both = {"RequestItems": {"orders": [PUT, DELETE]}}
    target = "DynamoDB_20120810.BatchWriteItem"
    whole = aws("dynamodb", target, body=both, answer={"UnprocessedItems": {}})
    part = aws("dynamodb", target, body=both, answer={"UnprocessedItems": {"orders": [PUT]}})
    assert len(whole.sent) == 2
    assert part.sent == whole.sent[1:]
    assert part.pointers == whole.pointers


def test_a_function_that_failed_is_an_error_of_its_invoke() -> None:
    found = aws("lambda", url=LAMBDA, answered={"X-Amz-Function-Error": "Unhandled", "x-amzn-RequestId": "r-1"})
    assert (found.error_code, found.sent, found.resource) == ("Unhandled", ["lambda:r-1"], "charge")
    assert found.attributes["faas.invoked_name"] == "charge"
    assert found.attributes["faas.invoked_region"] == "eu-west-1"


def test_an_api_of_api_gateway_joins_by_its_request_id() -> None:
    from tests.recognition.calls import operation

    url = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/orders/42"
    for heads in ({"apigw-requestid": "g-1"}, {"x-amzn-RequestId": "g-1", "x-amz-apigw-id": "x"}):
        found = operation(url, "GET", answered=heads)
        assert (found.api, found.sent, found.url_template) == ("http", ["apigateway:g-1"], "/prod/orders/{id}")


HALVES: dict[str, tuple[tuple[str, str], Any, Any, int]] = {
    "one message": (("sqs", "AmazonSQS.SendMessage"), {"QueueUrl": "https://x/1/orders"}, {"MessageId": "059f36b4"}, 200),
    "a batch": (
        ("sqs", "AmazonSQS.SendMessageBatch"),
        {"QueueUrl": "https://x/1/orders", "Entries": [{"Id": "1"}, {"Id": "2"}]},
        {"Successful": [{"MessageId": "059f36b4"}], "Failed": [{"Id": "2", "Code": "InternalError"}]},
        200,
    ),
    "an item": (
        ("dynamodb", "DynamoDB_20120810.UpdateItem"),
        {"TableName": "orders", "Key": {"id": {"S": "order-17"}, "line": {"N": "12"}}, "ReturnValues": "NONE"},
        {},
        200,
    ),
    "items": (
        ("dynamodb", "DynamoDB_20120810.BatchWriteItem"),
        {"RequestItems": {"orders": [{"PutRequest": {"Item": {"id": {"S": "1"}}}}]}},
        {"UnprocessedItems": {"orders": [{"PutRequest": {"Item": {"id": {"S": "1"}}}}]}},
        200,
    ),
    "a record": (
        ("kinesis", "Kinesis_20131202.PutRecord"),
        {"StreamName": "clicks", "Data": "x"},
        {"ShardId": "shardId-12", "SequenceNumber": "4959"},
        200,
    ),
    "an error": (("dynamodb", "DynamoDB_20120810.PutItem"), {"TableName": "orders"}, {"__type": "a#ValidationException"}, 400),
}  # fmt: skip


@pytest.mark.parametrize("name", HALVES)
def test_of_a_cut_body_no_half_name_id_or_count_is_told(name: str) -> None:
    (service, target), body, answer, status = HALVES[name]
    asked, answered = json.dumps(body).encode(), json.dumps(answer).encode()

    def told(asked: bytes, answered: bytes) -> set[tuple[str, str]]:
        found = aws(service, target, body=asked, answer=answered, status=status)
        names = ("resource", "error_code", "items", "failed_items")
        texts = {(one, str(value)) for one in names if (value := getattr(found, one)) not in ("", None)}
        return texts | {("sent", key) for key in found.sent}

    whole = told(asked, answered)
    for length in range(1, len(asked)):
        assert told(asked[:length], answered) <= whole
    for length in range(1, len(answered)):
        assert told(asked, answered[:length]) <= whole
