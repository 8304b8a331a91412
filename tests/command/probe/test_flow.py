"""`probe --flow`: real services as far as moto has them; trace headers, which it does not pass on, are a table."""

import importlib.util
import json
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from aftercall.command.probe import flow

ROLE = "arn:aws:iam::123456789012:role/function"
HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
SAME_ROOT = "Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=1:a:0"
OTHER = "Root=1-5759e988-000000000000000000000001"


@pytest.fixture
def sends(monkeypatch):
    """The function's module; its SDK finds the service by the variables, as in Lambda."""
    path = Path(flow.__file__).parent / "parts" / "sends.py"
    spec = importlib.util.spec_from_file_location("probe_sends", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", HEADER)
    return module


@pytest.fixture
def function(service, sends, monkeypatch):
    """The probe's function, run in place of the one that it makes."""
    monkeypatch.setattr("aftercall.command.probe.flow.uuid.uuid4", lambda: SimpleNamespace(hex="0123456789"))
    monkeypatch.setattr(flow, "_WAIT_SECONDS", 3.0)
    name = "aftercall-probe-01234567"

    def invoke(event):
        request_id = str(uuid.uuid4())
        context = SimpleNamespace(function_name=name, aws_request_id="of-the-hop" if "invoked" in event else request_id)
        return sends.handler(event, context), "", context.aws_request_id

    service.invocations[name] = invoke
    return name


def test_ids_arrive_and_everything_is_removed(service, function, aftercall):
    result = aftercall("probe", "--role", ROLE, "--flow")
    for name in flow.SERVICES:
        assert f"holds          {name} gives the id that the sender was told" in result.out, result
    assert result.out.count("DOES NOT HOLD") == 4  # moto passes no trace header on
    assert "holds          Lambda passes the trace's root on" in result.out
    assert result.status == 1
    assert service.configurations() == {}
    assert "QueueUrls" not in service.client("sqs").list_queues()
    assert service.client("sns").list_topics()["Topics"] == []
    assert service.client("events").list_rules()["Rules"] == []
    assert service.client("s3").list_buckets()["Buckets"] == []


def test_what_the_role_does_not_allow_is_told(service, function, aftercall, sends):
    sends.SENDERS["SNS"] = lambda event, context: 1 / 0
    result = aftercall("probe", "--role", ROLE, "--flow")
    assert "DOES NOT HOLD  SNS takes a message: ZeroDivisionError: division by zero" in result.out
    assert "holds          SQS gives the id" in result.out


def test_a_function_that_fails_is_told_and_everything_removed(service, function, aftercall):
    service.invocations[function] = ({"errorMessage": "no module named boto3"}, "")
    result = aftercall("probe", "--role", ROLE, "--flow")
    assert (result.status, "the probe's function failed: {" in result.err) == (1, True)
    assert service.configurations() == {}
    assert "QueueUrls" not in service.client("sqs").list_queues()


@pytest.mark.parametrize("option", [("--out", "folder"), ("--runtime", "java21")])
def test_what_does_not_go_with_it_is_refused(aftercall, option):
    result = aftercall("probe", "--flow", *option)
    assert (result.status, "neither --out nor --runtime" in result.err) == (2, True)


MESSAGE = {"Body": "aftercall-probe", "MessageId": "a", "Attributes": {"AWSTraceHeader": SAME_ROOT}}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (MESSAGE, [True, True]),
        ({**MESSAGE, "Attributes": {"AWSTraceHeader": OTHER}}, [False, True]),
        ({**MESSAGE, "Attributes": {}}, [False, True]),
        ({**MESSAGE, "MessageId": "b"}, [True, False]),
        (None, [False, False]),
    ],
)
def test_what_arrived_is_judged(message, expected):
    answer = {"trace": HEADER, "sent": {"SQS": {"id": "a"}}}
    rows = list(flow.rows(answer, [message] if message else []))
    assert [holds for assumption, _, holds in rows if assumption.startswith("SQS")] == expected


def test_messages_of_others_are_none_of_the_probes():
    test_event = {"Service": "Amazon S3", "Event": "s3:TestEvent"}
    bodies: list = [test_event, [], "x", 7]
    assert [flow.service_of({"Body": json.dumps(body)}) for body in bodies] == [""] * 4
