"""AFTERCALL_EVENT_BYTES bounds what is shown of event and response, not what is found out from them, nor an error."""

from __future__ import annotations

import pytest

from tests.end_to_end import test_node
from tests.end_to_end.watching import Watched, backend, watch
from tests.runtime_wrappers.nodejs import parts

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
EVENT = {
    "version": "2.0",
    "headers": {"traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01"},
    "requestContext": {"http": {"method": "GET"}},
    "length": 70_000,
}


def run(runtime: str, handler: str, layer, **environment: str) -> tuple[Watched, dict]:
    """What was watched, and the document that `json` posted."""
    with backend() as (url, received):
        environment = {**environment, "AFTERCALL_JSON_ENDPOINT": url}
        if runtime == "python":
            watched = watch(f"plain.{handler}", [EVENT], layer=layer, environment=environment)
        else:
            node = parts.node(parts.majors()[-1]), parts.CLIENTS[1]
            watched = test_node.watch(node, f"app.{handler}", EVENT, layer=layer, environment=environment)
    (document,) = [one.json for one in received if one.json.get("kind") != "report"]
    return watched, document


@pytest.mark.parametrize("size", ["0", "100", "65536"])
@pytest.mark.parametrize("runtime", ["python", "nodejs"])
def test_an_error_is_whole_whatever_is_shown_of_events(layer, runtime: str, size: str) -> None:
    _, document = run(runtime, "raises_at_length", layer, AFTERCALL_EVENT_BYTES=size)
    assert document["status"] == "error"
    assert document["error"]["type"] in {"ValueError", "RangeError"}
    assert document["error"]["message"].startswith("no such order: xxx")
    assert "raises_at_length" in document["error"]["stack_trace"]
    assert document["trace"]["trace_id"] == TRACE_ID


@pytest.mark.parametrize("size", ["0", "100", "65536"])
@pytest.mark.parametrize("runtime", ["python", "nodejs"])
def test_trace_trigger_and_outcome_are_found_whatever_is_shown(layer, runtime: str, size: str) -> None:
    _, document = run(runtime, "answers_500", layer, AFTERCALL_EVENT_BYTES=size)
    assert document["trace"]["trace_id"] == TRACE_ID
    assert document["trigger"]["kind"] == "http"
    assert document["outcome"] == {"status_code": 500}
    for side in ("event", "response"):
        assert len(document.get(side, {}).get("text", "")) <= int(size)
    assert ("event" in document) == (size != "0")
