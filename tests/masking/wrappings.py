"""Documents that hold another, as applications do: a JSON string in JSON, base64, an SQS record around SNS.

A wrapping takes bytes with their media type and gives bytes of another document. Written without the rules.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from tests.masking.structured import FORM, XML, Document, as_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def _in_json(document: Document, rng: Random) -> Document:
    text = document.data.decode()
    return as_json({"statusCode": 200, "headers": {"content-type": document.media_type}, "body": text}, rng)


def _in_json_twice(document: Document, rng: Random) -> Document:
    message = json.dumps({"Type": "Notification", "Message": document.data.decode(), "TopicArn": "arn:aws:sns:x:1:t"})
    return as_json({"Records": [{"messageId": "m-1", "body": message, "eventSource": "aws:sqs"}]}, rng)


def _in_json_thrice(document: Document, rng: Random) -> Document:
    inner = _in_json_twice(document, rng).data.decode()
    return as_json({"detail": json.dumps({"raw": inner}), "source": "shop"}, rng)


def _in_base64(document: Document, rng: Random) -> Document:
    coded = base64.b64encode(document.data).decode()
    event = {"headers": {"content-type": document.media_type}, "body": coded, "isBase64Encoded": True}
    return as_json(event, rng)


def _in_kinesis(document: Document, rng: Random) -> Document:
    coded = base64.b64encode(document.data).decode()
    return as_json({"Records": [{"kinesis": {"partitionKey": "p", "data": coded}, "eventSource": "aws:kinesis"}]}, rng)


def _in_base64_url(document: Document, rng: Random) -> Document:
    return as_json({"state": base64.urlsafe_b64encode(document.data).decode().rstrip("="), "user": "maria"}, rng)


def _in_base64_lines(document: Document, rng: Random) -> Document:
    """As MIME does, and `base64` on the command line."""
    return as_json({"attachment": base64.encodebytes(document.data).decode(), "user": "maria"}, rng)


def _in_signed_cookie(document: Document, rng: Random) -> Document:
    """As Flask, Express and Django sign what they keep in cookies."""
    coded = base64.urlsafe_b64encode(document.data).decode().rstrip("=")
    return as_json({"state": rng.choice(["{}.Zx4TqA.kJ8dPq3xYw", "s:{}.kJ8dPq3xYw", "v1.{}"]).format(coded)}, rng)


def _in_gzip(document: Document, rng: Random) -> Document:
    return Document(gzip.compress(document.data, mtime=0), document.media_type, (("Content-Encoding", "gzip"),))


def _in_base64_gzip(document: Document, rng: Random) -> Document:
    """As CloudWatch Logs hands its events to a function."""
    return as_json({"awslogs": {"data": base64.b64encode(gzip.compress(document.data, mtime=0)).decode()}}, rng)


def _in_html_comment(document: Document, rng: Random) -> Document:
    return Document(b"<html><!-- debug: " + document.data + b" --></html>", "text/html")


def _in_form_field(document: Document, rng: Random) -> Document:
    """As Slack posts interactions: `payload=` and JSON."""
    return Document(urlencode({"ok": "1", "payload": document.data.decode()}).encode(), FORM)


def _in_xml_text(document: Document, rng: Random) -> Document:
    return Document(f"<r><n>1</n><payload>{escape(document.data.decode())}</payload></r>".encode(), XML)


WRAPPINGS: dict[str, Callable[[Document, Random], Document]] = {
    "in_json": _in_json,
    "in_json_twice": _in_json_twice,
    "in_json_thrice": _in_json_thrice,
    "in_base64": _in_base64,
    "in_kinesis": _in_kinesis,
    "in_base64_url": _in_base64_url,
    "in_base64_lines": _in_base64_lines,
    "in_signed_cookie": _in_signed_cookie,
    "in_gzip": _in_gzip,
    "in_base64_gzip": _in_base64_gzip,
    "in_html_comment": _in_html_comment,
    "in_form_field": _in_form_field,
    "in_xml_text": _in_xml_text,
}

CALL_ONLY = frozenset({"in_gzip"})
"""An event is JSON: what is binary or declared by a header stands in the bodies of calls."""
