"""What `make compare` is made of, and one round of it where the peers are installed. Nothing is downloaded here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from build_spec import maven
from tests.scenarios import isolation
from tests.tools.bench.function import ROOT, serving
from tests.tools.compare import installed, nodejs_ways, python_ways, rounds
from tests.tools.compare.__main__ import KINDS, RUNTIMES, options
from tests.tools.compare.msgpack import unpacked
from tests.tools.compare.rounds import FIRST, INVOCATION, START_CPU, START_WALL, Samples
from tests.tools.compare.sinks import DatadogSink, LumigoSink, OtlpSink, XraySink
from tests.tools.compare.table import in_order, notes, table
from tests.tools.compare.ways import NONE, OURS, Way

CALL = "a call of requests, warm"
WAYS = [Way(name, version, ()) for name, version in ((NONE, ""), (OURS, ""), ("A", "a 1"), ("B", "b 2"))]


def samples_of(row: str, **times: list[float]) -> Samples:
    samples = Samples()
    for name, several in times.items():
        samples.times[row][name] = several
    return samples


def last_line(samples: Samples) -> str:
    return list(table("head", WAYS, samples))[-1]


def test_a_cell_is_the_median_difference_to_the_same_round_and_its_ratio() -> None:
    samples = samples_of(CALL, none=[100, 300, 200], aftercall=[120, 320, 900], A=[200, 400, 300], B=[150, 350, 250])
    assert last_line(samples) == f"| {CALL} | 200 us | +20 (0.10) | +100 (0.50) | +50 (0.25) | 0.40 | yes |"


def test_starts_are_told_in_milliseconds_and_stand_first() -> None:
    samples = samples_of(CALL, none=[1], aftercall=[1], A=[1], B=[1])
    samples.times[START_CPU] = {NONE: [50_000], OURS: [58_000], "A": [60_000], "B": [70_000]}
    lines = list(table("head", WAYS, samples))
    assert lines[:4] == ["**head**", "", "- A: a 1", "- B: b 2"]
    assert lines[7] == f"| {START_CPU} | 50 ms | +8 (0.16) | +10 (0.20) | +20 (0.40) | 0.80 | **no** |"


def test_a_peer_that_saw_nothing_has_no_cell_and_is_not_compared_with() -> None:
    samples = samples_of(CALL, none=[100], aftercall=[140], A=[101], B=[200])
    samples.shares[CALL] |= {OURS: [1.0, 1.0], "A": [0.0, 0.0], "B": [0.5, 1.0]}
    assert last_line(samples) == f"| {CALL} | 100 us | +40 (0.40) | - | +100 (1.00) | 0.40 | yes |"
    assert list(notes(samples)) == [f"- {CALL}: B recorded 50% in one process"]


def test_we_too_must_have_seen_the_calls() -> None:
    samples = samples_of(CALL, none=[100], aftercall=[101], A=[150], B=[200])
    samples.shares[CALL][OURS] = [0.0]
    assert last_line(samples) == f"| {CALL} | 100 us | - | +50 (0.50) | +100 (1.00) | - | **no** |"


def test_a_peer_that_adds_nothing_is_not_beaten() -> None:
    samples = samples_of(INVOCATION, none=[100], aftercall=[101], A=[99], B=[200])
    assert last_line(samples).endswith("| - | **no** |")


def test_otlp_counts_spans_of_clients() -> None:
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    for kind in (Span.SPAN_KIND_CLIENT, Span.SPAN_KIND_CLIENT, Span.SPAN_KIND_SERVER):
        spans.add().kind = kind
    sink = object.__new__(OtlpSink)
    assert sink.calls_in("/v1/traces", request.SerializeToString()) == 2
    assert sink.calls_in("/v1/metrics", b"anything") == 0


def text(word: str) -> bytes:
    return bytes([0xA0 + len(word)]) + word.encode()


def test_datadog_counts_spans_of_clients_in_both_of_its_formats() -> None:
    sink = object.__new__(DatadogSink)
    spans = [b"\x81" + text("meta") + b"\x81" + text("span.kind") + text(kind) for kind in ("client", "server")]
    assert sink.calls_in("/v0.4/traces", b"\x91\x92" + b"".join(spans)) == 1
    words = b"\x94" + b"".join(text(word) for word in ("", "span.kind", "client", "server"))
    arrays = [b"\x9c" + b"\x00" * 9 + b"\x81\x01" + kind + b"\x80\x00" for kind in (b"\x02", b"\x03")]
    assert sink.calls_in("/v0.5/traces", b"\x92" + words + b"\x91\x92" + b"".join(arrays)) == 1
    assert sink.calls_in("/lambda/end-invocation", b"{}") == 0


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x07", 7),
        (b"\xff", -1),
        (b"\xcd\x01\x00", 256),
        (b"\xd3" + b"\xff" * 8, -1),
        (b"\xcb\x3f\xf8" + b"\x00" * 6, 1.5),
        (b"\xc0", None),
        (b"\xc3", True),
        (b"\xd9\x03abc", "abc"),
        (b"\xc4\x02\x00\x01", b"\x00\x01"),
        (b"\xdc\x00\x02\x01\x02", [1, 2]),
        (b"\xdf\x00\x00\x00\x01\xa1a\x90", {"a": []}),
    ],
)
def test_messagepack_is_read(data: bytes, value: object) -> None:
    assert unpacked(data) == value
    for end in range(len(data)):
        with pytest.raises(IndexError):
            unpacked(data[:end])


def test_lumigo_and_xray_count_calls() -> None:
    lumigo = object.__new__(LumigoSink)
    assert lumigo.calls_in("", json.dumps([{"type": "function"}, {"type": "http"}, {"type": "http"}]).encode()) == 2
    segment = {"subsegments": [{"namespace": "remote"}, {"subsegments": [{"namespace": "aws"}]}]}
    xray = object.__new__(XraySink)
    assert xray.calls_in("", b'{"format":"json","version":1}\n' + json.dumps(segment).encode()) == 2


def test_rows_are_libraries_and_kinds() -> None:
    chosen = options(["--runtime", "python,java", "--rows", "boto3,java.net.http,warm"])
    assert (chosen.runtimes, chosen.libraries, chosen.kinds) == (
        ["python", "java"],
        {"boto3", "java.net.http"},
        ["warm"],
    )
    for wrong in (["--rows", "curl"], ["--runtime", "ruby"], ["--runs", "0"]):
        with pytest.raises(SystemExit):
            options(wrong)


def test_every_peer_is_pinned_by_hash() -> None:
    for runtime, peers in installed.PEERS.items():
        for peer in peers:
            assert installed.packages(runtime, peer).is_relative_to(installed.CACHE)
    for pins in (installed.PINS / "python").glob("*.txt"):
        requirements = pins.read_text().replace("\\\n", "").splitlines()
        assert all("==" in one and "--hash=sha256:" in one for one in requirements), pins
    for pins in (installed.PINS / "nodejs").glob("*/package-lock.json"):
        packages = json.loads(pins.read_text())["packages"]
        assert all("integrity" in package for name, package in packages.items() if name), pins
    assert all(len(artifact.sha256) == 64 for artifact in maven.read(installed.AGENTS))


@pytest.mark.parametrize(("module", "library"), [(python_ways, "http.client"), (nodejs_ways, "http")])
def test_our_wrapper_is_seen_to_record_the_calls(module, library, layer, monkeypatch: pytest.MonkeyPatch) -> None:
    for loops in ("CALLS", "WARM_UP", "EMPTY_WARM_UP", "EMPTY"):
        monkeypatch.setattr(rounds, loops, 2)
    with serving() as url:
        event = {"library": library, "url": url, **module.event(library)}
        plan = rounds.Plan(module.own(), [library], lambda _: event, 1, lambda _: None)
        samples = rounds.measured(plan)
    calls = [f"a call of {library}, {kind}" for kind in KINDS]
    assert in_order(samples) == [START_CPU, START_WALL, FIRST, INVOCATION, *calls]
    assert all(min(samples.shares[row][OURS]) == 1.0 for row in (INVOCATION, *calls))


# No skipping, which CI forbids: it has no peers, and a test must not download them.
INSTALLED = next((runtime for runtime in RUNTIMES if installed.are_there(runtime)), None)
if INSTALLED and isolation.permitted():

    def test_one_cold_round_beside_the_peers(layer) -> None:
        assert INSTALLED
        library = next(iter(RUNTIMES[INSTALLED].LIBRARIES))
        command = [sys.executable, "-m", "tests.tools.compare", "--runs", "1", "--runtime", INSTALLED]
        command += ["--rows", f"{library},cold"]
        finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
        assert finished.returncode == 0, finished.stderr
        assert finished.stderr.startswith(f"compare: {INSTALLED}: {library}, cold: round 1 of 1\n")
        rows = [line.split(" | ") for line in finished.stdout.splitlines() if line.startswith("| ")]
        assert [row[0] for row in rows[1:]] == [
            f"| {row}" for row in (START_CPU, START_WALL, FIRST, f"a call of {library}, cold")
        ]
        ours = rows[0].index(OURS)
        assert all(row[ours] != "-" for row in rows)
