"""The join keys are those of the documentation, and fall into their parts again."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftercall.http1.captured import read_wire
from aftercall.recognition import flow
from aftercall.recognition.calls import operation_of
from aftercall.recognition.exchange import Exchange

PAGE = (Path(__file__).parents[2] / "docs" / "flow.md").read_text()
KEYS = (
    flow.sqs("MESSAGE_ID"),
    flow.sns("MESSAGE_ID"),
    flow.eventbridge("EVENT_ID"),
    flow.kinesis("SHARD_ID", "SEQUENCE_NUMBER"),
    flow.s3("BUCKET", "KEY", '"ETAG"'),
    flow.s3("BUCKET", "KEY", ""),
    flow.dynamodb_key("TABLE", "HASH"),
    flow.dynamodb_item("TABLE", "HASH"),
    flow.lambda_("REQUEST_ID"),
    flow.step_functions("EXECUTION_ARN"),
    flow.durable_execution("EXECUTION_ARN"),
    flow.api_gateway("REQUEST_ID"),
    flow.ses("MESSAGE_ID"),
)


@pytest.mark.parametrize("key", KEYS)
def test_each_key_is_documented(key: str) -> None:
    assert f"| `{key}` |" in PAGE


def test_the_documentation_has_no_other_keys() -> None:
    rows = PAGE.split("## The keys")[1].split("HASH is")[0].strip().splitlines()[2:]
    assert [row.split("|")[2].strip(" `") for row in rows] == list(KEYS)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("s3:b/a@b@e", ("s3:", "b/a@b", "@e")),
        ("s3:b/a", ("s3:", "b/a", "")),
        ("dynamodb:t/key:h", ("dynamodb:", "t", "/key:h")),
        ("durable:arn:x:y", ("durable:", "arn:x:y", "")),
        ("kinesis:s:n", ("kinesis:", "", "s:n")),
        ("other", ("", "other", "")),
    ],
)
def test_the_parts_of_a_key(key: str, parts: tuple[str, str, str]) -> None:
    assert flow.parts_of(key) == parts


def test_an_invoke_sends_its_request_id_and_the_durable_execution_that_it_began() -> None:
    signed = b"Authorization: AWS4-HMAC-SHA256 Credential=A/20261129/eu-west-1/lambda/aws4_request"
    path = "/2015-03-31/functions/charge/invocations"
    asked = read_wire(b"POST %s HTTP/1.1\r\n%s\r\n\r\n{}" % (path.encode(), signed))
    answered = read_wire(b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: r-1\r\nX-Amz-Durable-Execution-Arn: arn:x\r\n\r\n{}")
    operation = operation_of(Exchange("POST", f"https://lambda.eu-west-1.amazonaws.com{path}", asked, answered))
    assert operation is not None
    assert operation.sent == [flow.lambda_("r-1"), flow.durable_execution("arn:x")]
