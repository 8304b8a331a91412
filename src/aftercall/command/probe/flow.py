"""`aftercall probe --flow`: through which services the trace's root and the ids of messages arrive.

A function sends one message by each; all but the invoked function's end in one queue, whose messages say how they came.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aftercall.command.lambda_service.access import Access

SERVICES = ("SQS", "SNS", "EventBridge", "S3", "Lambda")
_WAIT_SECONDS = 30.0


class Services:
    """The queue, and all that delivers into it. `undo` takes what was made away again, the last one first."""

    def __init__(self, access: Access, undo: list[tuple[Any, str, dict[str, Any]]]) -> None:
        self.name = f"aftercall-probe-{uuid.uuid4().hex[:8]}"
        self._access = access
        self._undo = undo
        self._sqs = access.client("sqs")
        self.queue = self._sqs.create_queue(QueueName=self.name)["QueueUrl"]
        undo.append((self._sqs, "delete_queue", {"QueueUrl": self.queue}))
        attributes = self._sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]
        self._queue_arn = attributes["QueueArn"]
        self._sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"Policy": json.dumps(self._policy())})
        self.topic = self._make_topic()
        self._make_rule()
        self.bucket = self._make_bucket()

    @property
    def event(self) -> dict[str, str]:
        """What the function is told."""
        return {"name": self.name, "queue": self.queue, "topic": self.topic, "bucket": self.bucket}

    def received(self, awaited: int) -> list[dict[str, Any]]:
        """The messages that came, with their system attributes; no more is waited for than `awaited`."""
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(found) < awaited and time.monotonic() < deadline:
            answer = self._sqs.receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=2, MessageSystemAttributeNames=["All"]
            )
            for message in answer.get("Messages", ()):
                self._sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                if service_of(message):
                    found.append(message)
        return found

    def _policy(self) -> dict[str, Any]:
        services = [f"{name}.amazonaws.com" for name in ("sns", "events", "s3")]
        account = {"StringEquals": {"aws:SourceAccount": self._access.account()}}
        allow = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sqs:SendMessage"}
        return {"Version": "2012-10-17", "Statement": [{**allow, "Resource": self._queue_arn, "Condition": account}]}

    def _make_topic(self) -> str:
        client = self._access.client("sns")
        topic = client.create_topic(Name=self.name)["TopicArn"]
        self._undo.append((client, "delete_topic", {"TopicArn": topic}))
        client.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self._queue_arn)
        return str(topic)

    def _make_rule(self) -> None:
        client = self._access.client("events")
        pattern = {"source": ["aftercall.probe"], "detail": {"probe": [self.name]}}
        client.put_rule(Name=self.name, EventPattern=json.dumps(pattern))
        self._undo.append((client, "delete_rule", {"Name": self.name}))
        client.put_targets(Rule=self.name, Targets=[{"Id": "queue", "Arn": self._queue_arn}])
        self._undo.append((client, "remove_targets", {"Rule": self.name, "Ids": ["queue"]}))

    def _make_bucket(self) -> str:
        client = self._access.client("s3")
        region = client.meta.region_name
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=self.name, **where)
        self._undo.append((client, "delete_bucket", {"Bucket": self.name}))
        self._undo.append((client, "delete_object", {"Bucket": self.name, "Key": "probe"}))
        told = {"QueueConfigurations": [{"QueueArn": self._queue_arn, "Events": ["s3:ObjectCreated:*"]}]}
        client.put_bucket_notification_configuration(Bucket=self.name, NotificationConfiguration=told)
        return self.name


def service_of(message: dict[str, Any]) -> str:
    """Which of SERVICES the message came through; empty for what is none of the probe's."""
    body = _json(message["Body"])
    if message["Body"] == "aftercall-probe":
        return "SQS"
    if "TopicArn" in body:
        return "SNS"
    if "detail-type" in body:
        return "EventBridge"
    return "S3" if "Records" in body else ""  # S3 tries the queue with a message of its own


def rows(answer: dict[str, Any], messages: list[dict[str, Any]]) -> Iterator[tuple[str, object, bool]]:
    """(assumption, found, whether it holds), two for each service: the trace's root, and the message's id."""
    arrived = {service_of(message): message for message in messages}
    root = _root(str(answer.get("trace", "")))
    for service in SERVICES:
        sent = answer.get("sent", {}).get(service, {})
        if "id" not in sent:
            yield f"{service} takes a message", sent.get("error", "the function did not say"), False
            continue
        trace, identity = _received(service, sent, arrived.get(service))
        yield f"{service} passes the trace's root on", trace or "no trace header", bool(root) and _root(trace) == root
        yield f"{service} gives the id that the sender was told", identity or "nothing came", identity == sent["id"]


def _received(service: str, sent: dict[str, Any], message: dict[str, Any] | None) -> tuple[str, str]:
    """Trace header and id at the receiver."""
    if service == "Lambda":
        told = sent.get("received") or {}
        return str(told.get("trace", "")), str(told.get("request_id", ""))
    if message is None:
        return "", ""
    return str(message.get("Attributes", {}).get("AWSTraceHeader", "")), str(_ID[service](message))


def _of_s3(message: dict[str, Any]) -> str:
    (record, *_) = _json(message["Body"])["Records"]
    return str(record.get("s3", {}).get("object", {}).get("eTag", ""))


_ID: dict[str, Callable[[dict[str, Any]], str]] = {
    "SQS": lambda message: message["MessageId"],
    "SNS": lambda message: _json(message["Body"]).get("MessageId", ""),
    "EventBridge": lambda message: _json(message["Body"]).get("id", ""),
    "S3": _of_s3,
}


def _root(header: str) -> str:
    fields = dict(field.partition("=")[::2] for field in header.split(";"))
    return fields.get("Root", "")


def _json(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
