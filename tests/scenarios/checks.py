"""What must hold between what the client saw, what the server saw and what the spool says of one scenario."""

from __future__ import annotations

import difflib
import gzip
import json
import re
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from tests import built_layer

from .harness import Played, Run, normalised
from .records import Record, as_asked, final_head

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .exchange import Exchange, Fields
    from .libraries import Library
    from .rows import Ends

CAPTURE_BYTES = 4096  # AFTERCALL_CAPTURE_BYTES, its default
PROCESSES = {"fork": 2}  # that make calls, where it is more than one
CALL_KINDS = re.compile("call_start (call_stage )*(call_response )?(call_stage )*call_end ")


def check_nobody_notices(played: Played, library: Library) -> None:
    check_baseline(played, library)
    check_client_saw_the_same(played)
    check_server_saw_the_same(played)


def check_client_saw_the_same(played: Played) -> None:
    """Results, exceptions and whole tracebacks are the same with the wrapper as without."""
    plain, watched = (list(map(normalised_outcome, run.outcomes)) for run in (played.plain, played.watched))
    if played.scenario.by_chance and watched != plain:
        check_failed_alike(plain, watched, played.scenario.ends[-1].fails)
    else:
        assert watched == plain, difference(plain, watched)
    assert said(played.watched) == said(played.plain), played.watched.output[-3000:]
    if played.scenario.connections is not None:
        assert played.watched.connections == played.plain.connections


def check_failed_alike(plain: list[dict[str, Any]], watched: list[dict[str, Any]], errors: str) -> None:
    """By one of the names that a broken connection has, and without a frame of ours; which one is chance."""
    assert len(watched) == len(plain)
    ours = str(built_layer.wrapper("python").parents[1])
    for before, after in zip(plain, watched, strict=True):
        assert before.keys() == after.keys()
        for outcome in (before, after):
            assert re.search(errors, outcome["exception"] + outcome["text"]), difference(plain, watched)
        assert ours not in after["text"]


def difference(plain: list[dict[str, Any]], watched: list[dict[str, Any]]) -> str:
    """Line by line, since one line of a long traceback is what matters."""
    before, after = (json.dumps(outcomes, indent=1).replace("\\n", "\n").splitlines() for outcomes in (plain, watched))
    return "\n".join(difflib.unified_diff(before, after, "without", "with", lineterm="", n=1))


def said(run: Run) -> list[str]:
    """The program's output, without the lines that AFTERCALL_LOG_LEVEL=debug asks for."""
    return [line for line in normalised(run.output).splitlines() if not line.startswith("aftercall: ")]


def check_server_saw_the_same(played: Played) -> None:
    """The wrapper adds no header field, changes no order, sends no request more or less."""
    plain, watched = (sorted(map(shape, run.exchanges)) for run in (played.plain, played.watched))
    assert watched == plain


def normalised_outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    return {key: normalised(value) if isinstance(value, str) else value for key, value in outcome.items()}


def shape(exchange: Exchange) -> tuple[str, str, list[str], int]:
    """How much of a request came before the server broke off is chance."""
    size = len(exchange.request_body) if exchange.request_ended else -1
    return exchange.method, exchange.target, [name for name, _ in exchange.request_fields], size


def check_baseline(played: Played, library: Library) -> None:
    """The table tells the truth about the library itself, without any wrapper."""
    ends = played.scenario.ends_for(library)
    run = played.plain
    failed = [outcome for outcome in run.outcomes if "exception" in outcome]
    assert bool(failed) == bool(ends and ends[-1].fails), run.outcomes
    statuses = [exchange.status for exchange in run.exchanges]
    if ends and statuses:
        assert statuses == [end.status or 0 for end in ends if end.status != "client"] or ends[0].status == "client"
    if played.scenario.connections is not None:
        assert run.connections == played.scenario.connections


def check_records(played: Played, library: Library) -> None:
    """One record for each exchange, right in every part."""
    run, ends = played.watched, played.scenario.ends_for(library)
    summary = [(record.method, record.url, record.stage, record.header.get("error_type")) for record in run.records]
    assert len(run.records) == len(ends), f"records: {summary}"
    if not ends:
        return
    assert len({record.pid for record in run.records}) == PROCESSES.get(played.scenario.verb, 1)
    for record, exchange, end in paired(run, ends):
        check_frames(record)
        check_start(record, exchange, played)
        check_end(record, end, played)
        if played.scenario.bodies:
            check_capture(record, exchange, end)
        else:
            assert record.header.get("bodies") == "excluded"
            assert not record.parts


def paired(run: Run, ends: tuple[Ends, ...]) -> Iterable[tuple[Record, Exchange | None, Ends]]:
    """Records with their exchanges (None where none came about): by url where calls ran at once, else in order."""
    exchanges: list[Exchange | None] = [*run.exchanges]
    records = run.records
    if len({record.url for record in records}) == len(records):
        exchanges.sort(key=lambda exchange: path_of(exchange.target if exchange else ""))
        records = sorted(records, key=lambda record: path_of(record.url))
        if len({end.status for end in ends}) > 1:  # a redirect: its order is that of its paths too
            assert [record.times[0] for record in records] == sorted(record.times[0] for record in records)
    exchanges += [None] * (len(records) - len(exchanges))
    return zip(records, exchanges, ends, strict=True)


def path_of(url: str) -> str:
    return unquote(urlsplit(url).path)


def check_frames(record: Record) -> None:
    """The frames of one call come once each, in order, with times in order."""
    assert CALL_KINDS.fullmatch("".join(f"{kind} " for kind in record.kinds)), record.kinds
    assert record.times == sorted(record.times), record.times
    assert re.fullmatch("[0-9a-f]{16}", record.span_id)


def check_start(record: Record, exchange: Exchange | None, played: Played) -> None:
    requested = played.step["request"]
    if exchange is not None:
        assert record.method == exchange.method
        expected = urljoin(requested["url"], exchange.target)
    else:
        assert record.method == requested.get("method", "GET")
        expected = requested["url"]
    assert unquote(without_default_port(as_asked(record.url))) == unquote(without_default_port(as_asked(expected)))
    assert record.header.get("proxy", "").rstrip("/") == (played.step["session"].get("proxy") or "")


def without_default_port(url: str) -> str:
    return re.sub("^(http://[^/]*):80/|^(https://[^/]*):443/", lambda match: (match[1] or match[2]) + "/", url)


def check_end(record: Record, end: Ends, played: Played) -> None:
    outcomes = played.watched.outcomes
    assert record.header.get("status") == (outcomes[0]["status"] if end.status == "client" else end.status)
    # Whether the last of a body was still to be sent, or lay in the socket's buffer, is chance as well.
    late = {"response_head"} if played.scenario.by_chance else set()
    assert record.stage in {end.stage} | late, record.stages
    if end.fails:
        check_error(record, end, outcomes)
    else:
        assert "error_type" not in record.header, record.header
        assert end.complete in {None, record.header.get("complete", True)}


def check_error(record: Record, end: Ends, outcomes: list[dict[str, Any]]) -> None:
    """It is one of the table's, and the traceback that the client saw speaks of it."""
    assert "error_type" in record.header, record.header
    name = record.header["error_type"].rpartition(".")[2]
    assert re.fullmatch(end.fails, name), name
    assert len(record.header["error_message"]) <= 1024  # and empty where the exception says nothing
    assert all(name in outcome["text"] for outcome in outcomes if "exception" in outcome)


def check_capture(record: Record, exchange: Exchange | None, end: Ends) -> None:
    """Heads and body prefixes are those that crossed the wire; sizes are the bodies' own."""
    if exchange is None:
        assert not record.parts.get("response_wire")
        return
    check_request(record, exchange, end)
    if isinstance(end.status, int):
        check_response(record, exchange, end)


def check_request(record: Record, exchange: Exchange, end: Ends) -> None:
    wire = record.parts.get("request_wire")
    if wire is not None and exchange.received:
        assert_prefix(wire, cut_wire(exchange.received), whole=not end.fails)
    message = record.message("request")
    assert message is not None, record.parts.keys()
    start_line, fields, body = message
    assert start_line.split(" ")[:1] == [exchange.method]
    assert in_order(record, fields) == in_order(record, exchange.request_fields)
    assert_prefix(body, exchange.request_body[:CAPTURE_BYTES], whole=exchange.request_ended and wire is None)
    if exchange.request_ended and "request_size" in record.header:
        assert record.header["request_size"] == len(exchange.request_body)


def check_response(record: Record, exchange: Exchange, end: Ends) -> None:
    wire = record.parts.get("response_wire")
    whole = end.complete is True and not end.fails
    if wire is not None and exchange.sent:
        assert_prefix(wire, cut_wire(from_where_read(wire, exchange.sent)), whole=whole)
    message = record.message("response")
    assert message is not None, record.parts.keys()
    start_line, fields, body = message
    if start_line.startswith("HTTP/"):  # a client may have read the start line by itself
        assert start_line.split(" ")[1] == str(end.status)
    assert in_order(record, fields) == in_order(record, exchange.response_fields)
    sent = exchange.response_body
    if record.header.get("decoded"):
        sent = decoded(sent, exchange.response_fields)
    assert_prefix(body, sent[:CAPTURE_BYTES], whole=whole and wire is None)
    if whole and exchange.method != "HEAD":
        assert record.header.get("response_size", 0) == len(sent)


def from_where_read(wire: bytes, sent: bytes) -> bytes:
    """What was sent, without the 1xx heads and the start line that botocore reads by itself."""
    if wire.startswith(b"HTTP/1.") and wire[:12] == sent[:12]:
        return sent
    head, rest = final_head(sent)
    whole = head + b"\r\n\r\n" + rest
    return whole if wire.startswith(b"HTTP/1.") else whole.partition(b"\r\n")[2]


def decoded(body: bytes, fields: Fields) -> bytes:
    if ("content-encoding", "gzip") not in plain_fields(fields):
        return body
    try:
        return gzip.decompress(body)
    except EOFError:
        return zlib.decompressobj(31).decompress(body)


def cut_wire(wire: bytes) -> bytes:
    """A wire part's limit counts from the end of its first blank line."""
    end = wire.index(b"\r\n\r\n") + 4 if b"\r\n\r\n" in wire else 65536 - CAPTURE_BYTES
    return wire[: end + CAPTURE_BYTES]


def plain_fields(fields: Fields) -> Fields:
    """Names in lower case; HTTP/2's pseudo fields are the start line and the host."""
    named = [(name.lower(), value) for name, value in fields]
    return [(name, value) for name, value in named if not name.startswith(":") and name != "host"]


def in_order(record: Record, fields: Fields) -> Fields:
    """Java's own client keeps fields in a sorted map."""
    return sorted(plain_fields(fields)) if record.header["library"] == "java.net.http" else plain_fields(fields)


def assert_prefix(captured: bytes, true: bytes, *, whole: bool) -> None:
    """What was captured is how it begins; where the client came to the end, all of it."""
    head, _ = final_head(captured)
    assert captured[: len(true)] == true[: len(captured)], f"not what crossed the wire: {head!r}"
    if whole:
        assert len(captured) == len(true), f"captured {len(captured)} of {len(true)} bytes"
