"""What the frozen extension loads, and what it must not: each module costs CPU at every cold start."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from build_spec import frozen
from tests.exporters.receivers import receiver, say

SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="module")
def frozen_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as the freezing step compiles them."""
    folder = tmp_path_factory.mktemp("frozen")
    for path in (SOURCES / "aftercall").rglob("*.py"):
        written = folder / path.relative_to(SOURCES)
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(ast.unparse(frozen.without_types(path.read_bytes())))
    return folder


def modules_of(sources: Path, code: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys\nsys.path.insert(0, {str(sources)!r})\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(ended.stdout.split())


def test_the_default_exporter_loads_nothing_of_the_network(frozen_sources: Path) -> None:
    loaded = modules_of(frozen_sources, "import aftercall.extension.__main__")
    heavy = {"urllib3", "ssl", "_ssl", "http", "email", "logging", "socket", "threading", "dataclasses", "inspect"}
    assert loaded & (heavy | {"json", "re", "typing", "collections"}) == set()


def test_what_the_log_shows_is_masked_without_regular_expressions(frozen_sources: Path) -> None:
    """`re` takes a third of the start's CPU."""
    loaded = modules_of(
        frozen_sources,
        "from aftercall.masking import redact_url\nredact_url.redact_url('https://u:p@h/?token=x&пароль=y')",
    )
    assert loaded & {"re", "typing", "collections"} == set()


def test_a_post_needs_no_codec_and_no_native_module_that_was_not_loaded_before(frozen_sources: Path) -> None:
    """The invocation would be billed for it."""
    code = """
import sys
from aftercall.transport.http import Transport
transport = Transport("http://localhost:{port}/", (), {{}}, gzip=True)
transport.prepare()
before = set(sys.modules)
assert transport.post(transport.encode(b"{{}}"), 10).status == 503
for name in set(sys.modules) - before:
    origin = getattr(getattr(sys.modules[name], "__spec__", None), "origin", None) or ""
    assert not name.startswith("encodings") and not origin.endswith(".so"), name
"""
    with receiver(lambda handler, _number: say(handler, 503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")) as server:
        loaded = modules_of(frozen_sources, code.format(port=server.server_port))
    assert not {"urllib3", "ssl", "socket", "re", "typing", "encodings.idna"} & loaded


RECOGNISED = """
from aftercall.http1.message import Message
from aftercall.recognition.calls import operation_of
from aftercall.recognition.exchange import Exchange
def told(url, service, target="", body=b"{}", media="application/json", answer=b"{}"):
    scope = f"AWS4-HMAC-SHA256 Credential=A/20260829/eu-west-1/{service}/aws4_request, S" if service else ""
    heads = [("Authorization", scope), ("X-Amz-Target", target), ("Content-Type", media)]
    found = operation_of(Exchange("POST", url, Message("", heads, body), Message("", heads, answer), status=200))
    return found.span_name
said = [
    told("https://dynamodb.eu-west-1.amazonaws.com/", "dynamodb", "DynamoDB_20120810.PutItem",
         b'{"Item":{"a":{"N":"1"}}}'),
    told("https://kinesis.eu-west-1.amazonaws.com/", "kinesis", "Kinesis_20131202.PutRecords",
         b"\\xa0", "application/cbor"),
    told("https://b.s3.eu-west-1.amazonaws.com/k?uploads", "s3"),
    told("https://sqs.eu-west-1.amazonaws.com/", "sqs", "AmazonSQS.ReceiveMessage",
         answer=b'{"Messages":[{"Attributes":{"AWSTraceHeader":"Root=1-x"}}]}'),
    told("https://sns.eu-west-1.amazonaws.com/?Action=Publish&Version=2010-03-31", "sns", body=b"", answer=b"<a>"),
    told("https://example.com/graphql", "", body=b'{"query":"{ a }"}'),
    told("https://example.com/rpc/7", "", body=b'{"jsonrpc":"2.0","method":"m"}'),
    told("https://api.openai.com/v1/x/7", "", body=b'{"model":"m"}'),
]
assert said == ["DynamoDB.PutItem", "Kinesis.PutRecords", "S3.CreateMultipartUpload", "receive", "send", "query",
                "m", "POST /v1/x/{id}"], said
"""


def test_calls_are_recognised_without_regular_expressions_and_types(frozen_sources: Path) -> None:
    loaded = modules_of(frozen_sources, RECOGNISED)
    assert (
        loaded & {"re", "typing", "collections", "json", "enum", "hashlib", "_hashlib", "decimal", "pathlib"} == set()
    )


def test_nothing_of_aws_is_loaded_before_its_first_call(frozen_sources: Path) -> None:
    plain = RECOGNISED.partition("said = [")[0] + 'told("https://example.com/a/7", "")'
    loaded = modules_of(frozen_sources, plain)
    assert {name for name in loaded if name.startswith("aftercall.recognition.aws")} == set()
    start = modules_of(frozen_sources, "import aftercall.extension.__main__")
    assert "aftercall.recognition.calls" not in start
