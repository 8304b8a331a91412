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


def test_recognition_works_as_it_is_frozen_and_loads_nothing_heavy(frozen_sources: Path) -> None:
    """Freezing takes annotations away, and with them whatever a class makes of its own."""
    code = """
from aftercall.recognition import calls, events
from aftercall.recognition.exchange import Exchange
from aftercall.http1.captured import read_wire
signed = b"Authorization: AWS4-HMAC-SHA256 Credential=A/20261129/eu-west-1/%s/aws4_request"
head = b"POST / HTTP/1.1\\r\\nX-Amz-Target: %s\\r\\n" + signed + b"\\r\\n\\r\\n%s"
for service, target, body, named in (
    (b"dynamodb", b"DynamoDB_20120810.PutItem", b'{"TableName":"orders"}', "PutItem"),
    (b"sqs", b"AmazonSQS.SendMessageBatch", b'{"QueueUrl":"http://h/1/q","Entries":[{"Id":"1"}]}', "SendMessageBatch"),
):
    asked, answered = read_wire(head % (target, service, body)), read_wire(b"HTTP/1.1 200 OK\\r\\n\\r\\n{}")
    assert calls.operation_of(Exchange("POST", "http://127.0.0.1:1/", asked, answered)).name == named
event = b'{"Records":[{"eventSource":"aws:sqs","messageId":"1","receiptHandle":"x","body":"{}"}]}'
assert events.trigger_of(event).source == "sqs"
"""
    loaded = modules_of(frozen_sources, code)
    assert not loaded & {"re", "typing", "json", "collections", "dataclasses", "inspect", "urllib", "xml", "socket"}
