"""The sample events of AWS SAM's command line: https://pypi.org/project/aws-sam-cli/, unpacked once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from aftercall.recognition.events import trigger_of
from tests.pythons import ROOT

VERSION, DIGEST = "1.170.0", "24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf"
FOLDER = ROOT / ".cache" / f"sam-events-{VERSION}"
INSIDE = "samcli/lib/generated_sample_events/events/"

# By folder and file, or by folder: source, kind.
EXPECTED = {
    "alb": ("alb", "http"),
    "alexa-skills-kit": ("alexa", "other"),
    "alexa-smart-home": ("alexa", "other"),
    "apigateway/ApiGatewayAuthorizer": ("apigateway-authorizer", "http"),
    "apigateway/ApiGatewayRestRequestAuthorizer": ("apigateway-authorizer", "http"),
    "apigateway/AwsProxy": ("apigateway-rest", "http"),
    "apigateway/HttpApi": ("apigateway-http", "http"),
    "appsync": ("appsync", "http"),
    "batch": None,  # whatever a job's submitter wrote
    "cloudformation": ("cloudformation", "other"),
    "cloudfront": ("cloudfront", "http"),
    "cloudwatch/CloudwatchLogs": ("cloudwatch-logs", "pubsub"),
    "cloudwatch/ScheduledEvent": ("eventbridge-schedule", "timer"),
    "codecommit": ("codecommit", "other"),
    "codepipeline": ("codepipeline", "other"),
    "cognito": ("cognito", "other"),
    "config/ConfigurationItemChangeNotification": ("config", "other"),
    "config/OversizedConfigurationItemChangeNotification": ("config", "other"),
    "config/PeriodicRule": ("config", "timer"),
    "connect": ("connect", "other"),
    "dynamodb": ("dynamodb", "datasource"),
    "kinesis/Kinesis": ("kinesis", "pubsub"),
    "kinesis/KinesisAnalytics": ("kinesis-analytics", "pubsub"),
    "kinesis/KinesisAnalyticsKpl": ("kinesis-analytics", "pubsub"),
    "kinesis": ("firehose", "pubsub"),
    "lex": ("lex", "other"),
    "lex-v2": ("lex", "other"),
    "rekognition": ("s3", "datasource"),
    "s3/S3BatchInvocation": ("s3-batch", "datasource"),
    "s3": ("s3", "datasource"),
    "sagemaker": ("sagemaker", "other"),
    "ses": ("ses", "other"),
    "sns": ("sns", "pubsub"),
    "sqs": ("sqs", "pubsub"),
    "stepfunctions": None,  # the names of an error, and nothing of the state machine
    "workmail": ("workmail", "other"),
}


@pytest.fixture(scope="session")
def events() -> dict[str, bytes]:
    if not FOLDER.is_dir():
        _download()
    return {str(path.relative_to(FOLDER).with_suffix("")): path.read_bytes() for path in FOLDER.rglob("*.json")}


def _download() -> None:
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as scratch:
        pins = Path(scratch, "pins.txt")
        pins.write_text(f"aws-sam-cli=={VERSION} --hash=sha256:{DIGEST}\n")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--require-hashes", "-r", str(pins), "--dest", scratch], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(INSIDE) and name.endswith(".json")]
            archive.extractall(scratch, names)
        try:
            Path(scratch, INSIDE).rename(FOLDER)
        except OSError:  # another test process was first
            if not FOLDER.is_dir():
                raise


def test_every_event_is_what_its_folder_says(events: dict[str, bytes]) -> None:
    assert len(events) > 60
    wrong = {}
    for name, event in events.items():
        expected = EXPECTED[name] if name in EXPECTED else EXPECTED[name.partition("/")[0]]
        trigger = trigger_of(event)
        if (trigger and (trigger.source, trigger.kind)) != expected:
            wrong[name] = trigger and (trigger.source, trigger.kind)
    assert not wrong


def test_every_id_that_its_sender_knows_is_there(events: dict[str, bytes]) -> None:
    for name, ids in {
        "sqs/Sqs": ["sqs:19dd0b57-b21e-4ac1-bd88-01bbb068cb78"],
        "sns/Sns": ["sns:95df01b4-ee98-5cb9-9903-4c221d41eb5e"],
        "apigateway/AwsProxy": ["apigateway:c6af9ac6-7b61-11e6-9a41-93e8deadbeef"],
        "s3/S3Put": ["s3:{{{bucket}}}/{{{key}}}@0123456789abcdef0123456789abcdef"],
        "kinesis/Kinesis": ["kinesis:shardId-000000000000:{{{sequence}}}"],
        "cloudwatch/ScheduledEvent": ["events:cdc73f9d-aea9-11e3-9d5a-835b769c0d9c"],
    }.items():
        trigger = trigger_of(events[name])
        assert trigger is not None
        assert trigger.received == ids
    logs = trigger_of(events["kinesis/KinesisFirehoseCloudwatchLogsProcessor"])
    assert logs is not None
    assert [one.source for one in logs.nested] == ["cloudwatch-logs"]


def test_cut_in_the_middle_each_is_what_it_was_or_nothing(events: dict[str, bytes]) -> None:
    for name, event in events.items():
        whole = trigger_of(event)
        text = json.dumps(json.loads(event)).encode()
        for part in range(1, 10):
            cut = trigger_of(text[: len(text) * part // 10])
            assert cut is None or (whole is not None and cut.source == whole.source), name
