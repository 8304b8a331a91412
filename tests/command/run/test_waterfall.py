"""The waterfall on terminals of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from aftercall.command.run.trace import Span
from aftercall.command.run.waterfall import Waterfall
from aftercall.formats.urls import shortened

HOST_AND_PATH = "payments.eu-central-1.example.com/v1/orders/17/charge?dry=1"
PATH = "/v1/orders/17/charge?dry=1"
EXAMPLES = {
    80: HOST_AND_PATH,
    len(HOST_AND_PATH): HOST_AND_PATH,
    50: f"…u-central-1.example.com{PATH}",
    len(PATH) + 2: f"…m{PATH}",
    len(PATH) + 1: f"…{PATH}",
    20: f"…{PATH[-19:]}",
}


def span(name, start, end, *children, failed=False, **attributes):
    told = {key.replace("__", "."): value for key, value in attributes.items()}
    resource = {"faas.name": "checkout"}
    return Span("t", name, "", name, start * 10**6, end * 10**6, failed, told, resource, {}, list(children))


@pytest.mark.parametrize("cells", EXAMPLES)
def test_the_host_is_cut_before_the_path(cells):
    assert shortened(HOST_AND_PATH, cells) == EXAMPLES[cells]
    assert len(shortened(HOST_AND_PATH, cells)) <= cells


@pytest.mark.parametrize("width", [60, 80, 130, 200])
def test_every_width_shows_path_outcome_time_and_bar(width):
    hung = {"aftercall__stage": "response_head", "aftercall__open": True}
    call = span(
        "call", 100, 2900, failed=True, http__request__method="POST", url__full=f"https://{HOST_AND_PATH}", **hung
    )
    root = span("invocation", 0, 3000, call, failed=True, aftercall__status="timeout")
    out = io.StringIO()
    Console(file=out, width=width).print(Waterfall(root))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    first, second = lines
    assert first.startswith("checkout")
    assert "dry=1" in second
    assert ("HUNG in response_head" in second, "2,800.0 ms" in second, "██" in second) == (width >= 80, True, True)
    assert "HUNG in" in second
    assert ("https://" in second) == (width >= 130)


def drawn(root, width=80):
    out = io.StringIO()
    Console(file=out, width=width).print(Waterfall(root))
    return out.getvalue().splitlines()


def operation(name, resource, *children, start=0, end=10, **attributes):
    service, _, what = name.partition(" ")
    told = {"api": "aws", "service": service, "name": what, "resource": resource}
    said = {f"aftercall__operation__{key}": value for key, value in told.items() if value}
    return span(f"{service}.{what}", start, end, *children, **said, **attributes)


def test_operations_are_named_by_service_and_resource():
    put = operation("S3 PutObject", "receipts/1.json", http__request__method="PUT", url__full="http://127.0.0.1:4566/x")
    lines = drawn(span("GET /orders", 0, 10, put, aftercall__status="ok"))
    assert lines[0].startswith("checkout ")
    assert lines[1].startswith("  S3 PutObject receipts/1.json ")


def test_other_protocols_have_their_name_and_host():
    told = {"aftercall__operation__api": "graphql", "aftercall__operation__name": "CreateOrder"}
    asked = span("mutation CreateOrder", 0, 10, url__full="https://api.example.com/graphql", **told)
    assert drawn(span("x", 0, 10, asked))[1].startswith("  GraphQL CreateOrder api.example.com ")


def test_a_part_that_failed_is_told_before_why():
    batch = operation(
        "Kinesis PutRecords", "clicks", error__type="ProvisionedThroughputExceededException",
        aftercall__outcome__failed_items=2, aftercall__outcome__items=3,
    )  # fmt: skip
    assert "2 of 3 failed, Provi" in drawn(span("x", 0, 10, batch))[1]


def test_an_operation_without_a_name_has_that_of_its_path():
    found = operation("OpenSearch ", "")
    found.name = "GET /orders/_doc/{id}"
    nameless = operation("STS ", "")
    nameless.name = "STS"
    lines = drawn(span("x", 0, 10, found, nameless))
    assert lines[1].startswith("  OpenSearch GET /orders/_doc/{id} ")
    assert lines[2].split()[0:2] == ["STS", "10.0"]


@pytest.mark.parametrize("width", [60, 80])
def test_of_a_long_resource_the_end_stays(width):
    key = "a-bucket-with-a-long-name/2026/11/29/receipts/of/customer/4711.json"
    line = drawn(span("x", 0, 10, operation("S3 PutObject", key)), width)[1]
    assert len(line) <= width
    assert line.startswith("  S3")
    assert "4711.json " in line


def test_tries_share_the_row_of_their_operation_and_what_they_led_to_stays():
    led_to = span("invoked", 5, 9, faas__invocation_id="r-2", aftercall__status="ok")
    tries = [span("POST", n, n + 4, *([led_to] if n else []), url__full="https://h/") for n in (0, 5)]
    put = operation("Lambda Invoke", "charge", *tries, aftercall__operation__tries=2)
    lines = drawn(span("x", 0, 10, put))
    assert len(lines) == 3
    assert lines[1].startswith("  Lambda Invoke charge")
    assert "2 tries" in lines[1]
    assert lines[2].startswith("    checkout")


def test_an_error_is_the_services_own():
    put = operation(
        "DynamoDB PutItem", "orders", failed=True, error__type="ConditionalCheckFailedException",
        http__response__status_code=400,
    )  # fmt: skip
    line = drawn(span("x", 0, 10, put), 130)[1]
    assert "ConditionalCheckFailedException" in line
    assert "400" not in line
    batch = operation(
        "SQS SendMessageBatch", "orders", aftercall__outcome__failed_items=2, aftercall__outcome__items=10
    )
    assert "2 of 10 failed" in drawn(span("x", 0, 10, batch), 130)[1]
