"""Writes the spool vectors; `vectors()` is what tests compare the files with.

The encoder here is a second, independent reading of SPOOL_FORMAT.md: it shares no code with the writers or the reader.
"""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

HERE = Path(__file__).parent
Case = tuple[bytes, list[dict], tuple[int, str] | None]
"""A segment, the frames that a reader finds, and what is lost (bytes, phrase)."""

T = 1_764_000_000_000_000_000
PROCESS = {
    "kind": "process",
    "time": T,
    "format": 2,
    "runtime": "python",
    "runtime_version": "3.12.1",
    "pid": 17,
    "start": T,
    "wrapper": "0.1.0",
    "client": "awslambdaric 4.2.2",
}
RID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95"
START = {
    "kind": "invocation_start",
    "time": T + 1,
    "request_id": RID,
    "number": 1,
    "deadline": 1_764_000_003_000,
    "arn": "arn:aws:lambda:eu-west-1:123456789012:function:demo",
    "trace": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    "event_size": 14,
    "parts": [["event", 14]],
}
CALL = {
    "kind": "call_start",
    "time": T + 2,
    "request_id": RID,
    "span_id": "53995c3f42cd8ad8",
    "library": "urllib3",
    "method": "GET",
    "url": "https://api.example.com/v1/orders?limit=2",
    "stage": "dns",
}
END = {
    "kind": "invocation_end",
    "time": T + 9,
    "request_id": RID,
    "status": "ok",
    "response_size": 4,
    "parts": [["response", 4]],
}


def raw_frame(header: bytes, payload: bytes = b"") -> bytes:
    return padded(struct.pack("<II", len(header), len(payload)) + header + payload)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


def frame(header: dict, payload: bytes = b"") -> bytes:
    return raw_frame(json.dumps(header, separators=(",", ":")).encode("ascii"), payload)


def understood(header: dict, payload: bytes = b"") -> dict:
    parts, offset = [], 0
    for name, length in header.get("parts", []):
        parts.append([name, base64.b64encode(payload[offset : offset + length]).decode()])
        offset += length
    return {"header": header, "parts": parts}


def frames(*given: tuple[dict, bytes]) -> tuple[bytes, list[dict]]:
    """What stands behind the head, and what a reader understands of it."""
    return b"".join(frame(*one) for one in given), [understood(*one) for one in given]


def head(committed: int, base: int = 0, *, version: int = 2, **words: int) -> bytes:
    """The 64 bytes before the frames; positions modulo 2^32."""
    words = {"taken": base, "done": base, **words}
    writers = struct.pack("<III", committed % 2**32, base % 2**32, words.get("closed", 0)) + bytes(12)
    readers = (words.get(name, 0) % 2**32 for name in ("taken", "done", "tries", "off"))
    return b"aftcall" + bytes([version]) + writers + struct.pack("<IIII", *readers) + bytes(16)


def stage(name: str, at: int) -> tuple[dict, bytes]:
    header = {"kind": "call_stage", "time": T + at, "request_id": RID, "span_id": CALL["span_id"], "stage": name}
    return header, b""


def response() -> tuple[dict, bytes]:
    wire = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
    request = b"GET /v1/orders?limit=2 HTTP/1.1\r\nHost: api.example.com\r\n\r\n"
    header = {
        "kind": "call_response",
        "time": T + 6,
        "request_id": RID,
        "span_id": CALL["span_id"],
        "status": 200,
        "parts": [["request_wire", len(request)], ["response_wire", len(wire)]],
    }
    return header, request + wire


CALL_END = {
    "kind": "call_end",
    "time": T + 7,
    "request_id": RID,
    "span_id": CALL["span_id"],
    "request_size": 0,
    "response_size": 2,
    "complete": True,
    "parts": [["response_wire", 2]],
}


def what_writers_write() -> dict[str, tuple[bytes, list[dict]]]:
    """Without a head."""
    event = (START, b'{"order":"42"}')
    end = (END, b"null")
    binary = bytes(range(256)) + b"\r\n\r\n"
    return {
        "process-frame-alone": frames((PROCESS, b"")),
        # Small enough to stand as a hex dump in SPOOL_FORMAT.md.
        "worked-example": frames(
            (
                {
                    "kind": "process",
                    "time": 7,
                    "format": 2,
                    "runtime": "python",
                    "runtime_version": "3.12.1",
                    "pid": 17,
                    "start": 7,
                    "wrapper": "0.1.0",
                },
                b"",
            ),
            (
                {
                    "kind": "invocation_end",
                    "time": 9,
                    "request_id": "r-1",
                    "status": "ok",
                    "response_size": 4,
                    "parts": [["response", 4]],
                },
                b"null",
            ),
        ),
        "one-invocation-with-one-call": frames(
            (PROCESS, b""),
            event,
            (CALL, b""),
            stage("connect", 3),
            stage("tls", 4),
            stage("response_head", 5),
            response(),
            (CALL_END, b"{}"),
            end,
        ),
        "call-that-hung-in-tls": frames((PROCESS, b""), event, (CALL, b""), stage("connect", 3), stage("tls", 4)),
        "call-without-a-request-id": frames(
            (PROCESS, b""), ({k: v for k, v in CALL.items() if k != "request_id"}, b"")
        ),
        "init-error": frames(
            (PROCESS, b""),
            (
                {"kind": "invocation_end", "time": T + 3, "status": "error", "phase": "init", "parts": [["error", 2]]},
                b"{}",
            ),
        ),
        "drops": frames(
            (PROCESS, b""),
            ({"kind": "drops", "time": T, "frames": {"off": 3}, "bytes": 512, "faults": {"urllib3.urlopen": 1}}, b""),
        ),
        "no-client-recognised": frames(
            (
                {**{k: v for k, v in PROCESS.items() if k != "client"}, "not_watched": "no runtime client recognised"},
                b"",
            ),
        ),
        "unknown-kind-is-a-frame": frames(
            (PROCESS, b""), ({"kind": "weather", "time": T, "parts": [["x", 1]]}, b"?"), end
        ),
        "unknown-header-keys": frames(
            ({**PROCESS, "colour": {"red": [1, None]}}, b""), ({**START, "new": True}, event[1])
        ),
        "binary-payload": frames((PROCESS, b""), ({**START, "parts": [["event", len(binary)]]}, binary)),
        "empty-part": frames((PROCESS, b""), ({**START, "parts": [["event", 0]]}, b"")),
        "no-parts-no-payload": frames((PROCESS, b""), ({**END, "parts": []}, b"")),
        "same-part-twice": frames((PROCESS, b""), ({**END, "parts": [["response", 1], ["response", 3]]}, b"null")),
        "non-ascii-url": frames((PROCESS, b""), ({**CALL, "url": "http://h/\u00fc\U0001f600"}, b"")),
        "lone-surrogate-in-a-string": frames((PROCESS, b""), ({**CALL, "url": "http://h/\ud800"}, b"")),
        "negative-and-huge-times": frames(
            (PROCESS, b""), ({**END, "time": -1}, b"null"), ({**END, "time": 2**70}, b"null")
        ),
        "process-frame-again": frames((PROCESS, b""), (PROCESS, b""), end),
        "largest-header": _largest_header(),
        "payload-of-70000-bytes": frames((PROCESS, b""), ({**START, "parts": [["event", 70_000]]}, b"e" * 70_000)),
    }


def _largest_header() -> tuple[bytes, list[dict]]:
    base = {**CALL, "url": ""}
    filler = 65_536 - len(json.dumps(base, separators=(",", ":")))
    return frames((PROCESS, b""), ({**base, "url": "u" * filler}, b""))


def valid() -> dict[str, Case]:
    """Segments, without the reserved space behind what is committed."""
    known = what_writers_write()
    data, whole = known["one-invocation-with-one-call"]
    first = len(frame(PROCESS))
    wiped = len(frame(PROCESS) + frame(START, b'{"order":"42"}') + frame(CALL))
    zeros = data[:first] + bytes(wiped - first)
    return {
        **{name: (head(len(data)) + data, understood, None) for name, (data, understood) in known.items()},
        "empty-file-is-being-made": (b"", [], None),
        "short-file-is-being-made": (head(0)[:40], [], None),
        "zeros-are-being-made": (bytes(4096), [], None),
        "spare": (head(0) + bytes(4032), [], None),
        "bytes-behind-committed-are-not-seen": (head(first) + data + b"killed while it copied", whole[:1], None),
        "closed": (head(len(data), closed=1) + data, whole, None),
        "nobody-reads-it-any-more": (head(len(data), off=1) + data, whole, None),
        "begun-again-at-a-position-of-5000": (head(5000 + len(data), 5000) + data, whole, None),
        "begun-again-and-nothing-new": (head(5000, 5000) + data, [], None),
        "positions-wrap-around": (head(len(data) - 256, -256) + data, whole, None),
        "goes-on-at-done": (head(len(data), done=first) + data, whole[1:], None),
        "goes-on-at-done-behind-wiped-bytes": (
            head(len(data), taken=wiped, done=wiped) + zeros + data[wiped:],
            whole[3:],
            None,
        ),
        "goes-on-at-done-where-wiping-was-cut-short": (
            head(len(data), taken=first, done=wiped) + zeros[:-8] + data[wiped - 8 :],
            whole[3:],
            None,
        ),
        "all-of-it-is-done": (head(len(data), taken=len(data), done=len(data)) + data[:first] + bytes(64), [], None),
        "done-beyond-committed-is-not-believed": (head(len(data), done=len(data) + 8) + data, whole, None),
        "done-before-base-is-not-believed": (head(800 + len(data), 800, done=792) + data, whole, None),
    }


GOOD, GOOD_FRAMES = frames((PROCESS, b""), (START, b'{"order":"42"}'))


def lies(committed: int, lost: int, base: int = 0) -> Case:
    """A head that promises what the file does not hold."""
    return head(committed, base) + GOOD, GOOD_FRAMES, (lost, "bad head")


def first(data: bytes, phrase: str) -> Case:
    """Nothing in it can be believed."""
    return head(len(data)) + data, [], (len(data), phrase)


def alone(data: bytes, phrase: str) -> Case:
    """Its head cannot be believed."""
    return data, [], (len(data), phrase)


def after(tail: bytes, phrase: str) -> Case:
    """Damage behind good frames."""
    tail = padded(tail)
    return head(len(GOOD) + len(tail)) + GOOD + tail, GOOD_FRAMES, (len(tail), phrase)


def torn(length: int) -> Case:
    """`committed` cuts a frame off; the rest of its bytes stands behind."""
    return head(len(GOOD) + length) + GOOD + frame(END, b"null"), GOOD_FRAMES, (length, "torn frame")


def invalid() -> dict[str, Case]:
    """Name -> segment, frames before the damage, (bytes lost, phrase)."""
    whole = frame(END, b"null")
    bad_header = "bad header"
    without_format = {key: value for key, value in PROCESS.items() if key != "format"}
    return {
        "zeros-after-a-crash": after(bytes(64), "bad header length"),
        "header-length-one": after(raw_frame(b"{"), "bad header length"),
        "header-length-65537": after(raw_frame(b"{" + b" " * 65_535 + b"}"), "bad header length"),
        "header-length-all-ones": after(b"\xff\xff\xff\xff", "bad header length"),
        "payload-length-16777217": after(struct.pack("<II", 2, 16_777_217) + b"{}", "bad payload length"),
        "payload-length-all-ones": after(struct.pack("<II", 2, 0xFFFFFFFF), "bad payload length"),
        "header-not-json": after(raw_frame(b"not json at all") + whole, bad_header),
        "header-is-an-array": after(raw_frame(b"[]"), bad_header),
        "header-with-text-after-it": after(raw_frame(b'{"kind":"x","time":1} y'), bad_header),
        "header-bad-utf8": after(raw_frame(b'{"kind":"\xff","time":1}'), bad_header),
        "header-utf16": after(raw_frame('{"kind":"x","time":1}'.encode("utf-16")), bad_header),
        "header-nested-too-deep": after(
            raw_frame(b'{"kind":"x","time":1,"n":' + b"[" * 60_000 + b"]" * 400), bad_header
        ),
        "header-without-kind": after(raw_frame(b'{"time":1}'), bad_header),
        "header-kind-is-a-number": after(raw_frame(b'{"kind":1,"time":1}'), bad_header),
        "header-without-time": after(raw_frame(b'{"kind":"x"}'), bad_header),
        "header-time-is-a-float": after(raw_frame(b'{"kind":"x","time":1.5}'), bad_header),
        "header-time-is-true": after(raw_frame(b'{"kind":"x","time":true}'), bad_header),
        "parts-longer-than-payload": after(frame({**END, "parts": [["response", 5]]}, b"null"), "bad parts"),
        "parts-shorter-than-payload": after(frame({**END, "parts": [["response", 3]]}, b"null"), "bad parts"),
        "parts-negative": after(frame({**END, "parts": [["a", -1], ["b", 5]]}, b"null"), "bad parts"),
        "parts-not-an-array": after(frame({**END, "parts": {"response": 4}}, b"null"), "bad parts"),
        "parts-not-pairs": after(frame({**END, "parts": [["response"]]}, b"null"), "bad parts"),
        "payload-without-parts": after(frame({k: v for k, v in END.items() if k != "parts"}, b"null"), "bad parts"),
        "good-frames-after-the-damage": after(raw_frame(b"??") + whole * 3, bad_header),
        "torn-in-lengths-nothing-behind": (head(len(GOOD) + 8) + GOOD + whole[:8], GOOD_FRAMES, (8, "torn frame")),
        "torn-in-header": torn(24),
        "torn-in-payload": torn(len(whole) - 8),
        "torn-first-frame": first(frame(PROCESS)[:-8], "torn frame"),
        "no-process-frame": first(whole, "no process frame"),
        "format-of-another-version": first(frame({**PROCESS, "format": 9}) + whole, "unknown format"),
        "format-missing": first(frame(without_format), "unknown format"),
        "committed-beyond-the-file": lies(len(GOOD) + 4096, 4096),
        "committed-far-beyond-any-file": lies(1 << 31, (1 << 25) - len(GOOD)),
        "committed-before-base": lies(4096, (1 << 25) - len(GOOD), 8192),
        "committed-is-no-multiple-of-8": lies(len(GOOD) + 3, 3),
        "file-cut-in-a-frame": (
            head(len(GOOD) + len(whole)) + GOOD + whole[:30],
            GOOD_FRAMES,
            (len(whole), "bad head"),
        ),
        "unknown-version": alone(head(len(GOOD), version=3) + GOOD, "unknown format"),
        "no-magic": alone(b"X" + head(len(GOOD))[1:] + GOOD, "bad head"),
        "frames-without-a-head": alone(GOOD, "bad head"),
    }


def vectors() -> dict[str, bytes]:
    """Relative file name -> what_writers_write, for every vector."""
    files = {}
    cases = {f"valid/{name}.segment": case for name, case in valid().items()}
    cases |= {f"invalid/{name}.segment": case for name, case in invalid().items()}
    for name, (data, known, loss) in cases.items():
        expected = {"frames": known, "loss": loss and {"lost_bytes": loss[0], "phrase": loss[1]}}
        files[name] = data
        stem, _, _ = name.rpartition(".")
        files[f"{stem}.json"] = json.dumps(expected, indent=1).encode("ascii") + b"\n"
    return files


if __name__ == "__main__":
    for folder in ("valid", "invalid"):
        (HERE / folder).mkdir(parents=True, exist_ok=True)
        for old in (HERE / folder).iterdir():
            old.unlink()
    for name, data in vectors().items():
        (HERE / name).write_bytes(data)
