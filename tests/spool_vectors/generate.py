"""Writes the spool vectors; `vectors()` is what tests compare the files with.

The encoder here is a second, independent reading of SPOOL_FORMAT.md: it shares no code with the writers or the reader.
`valid` and `invalid` are of version 1, which some writers still write; `version2` has the same frames in version 2, and
what its head can say.
"""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

HERE = Path(__file__).parent
T = 1_764_000_000_000_000_000
PROCESS = {
    "kind": "process",
    "time": T,
    "format": 1,
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
    return struct.pack("<II", len(header), len(payload)) + header + payload


def frame(header: dict, payload: bytes = b"") -> bytes:
    return raw_frame(json.dumps(header, separators=(",", ":")).encode("ascii"), payload)


def understood(header: dict, payload: bytes = b"") -> dict:
    parts, offset = [], 0
    for name, length in header.get("parts", []):
        parts.append([name, base64.b64encode(payload[offset : offset + length]).decode()])
        offset += length
    return {"header": header, "parts": parts}


def segment(*frames: tuple[dict, bytes]) -> tuple[bytes, list[dict]]:
    """A segment of version 1."""
    return b"".join(frame(*one) for one in frames), [understood(*one) for one in frames]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 8)


def of_version_2(frames: list[dict]) -> tuple[bytes, list[dict]]:
    """The same frames as they stand behind the head of version 2."""
    data, known = b"", []
    for one in frames:
        header = one["header"]
        if header["kind"] == "process" and header.get("format") == 1:
            header = {**header, "format": 2}
        payload = b"".join(base64.b64decode(content) for _, content in one["parts"])
        data += padded(frame(header, payload))
        known.append({**one, "header": header})
    return data, known


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


def valid() -> dict[str, tuple[bytes, list[dict]]]:
    event = (START, b'{"order":"42"}')
    end = (END, b"null")
    binary = bytes(range(256)) + b"\r\n\r\n"
    return {
        "empty-file": segment(),
        "process-frame-alone": segment((PROCESS, b"")),
        # Small enough to stand as a hex dump in SPOOL_FORMAT.md.
        "worked-example": segment(
            (
                {
                    "kind": "process",
                    "time": 7,
                    "format": 1,
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
        "one-invocation-with-one-call": segment(
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
        "call-that-hung-in-tls": segment((PROCESS, b""), event, (CALL, b""), stage("connect", 3), stage("tls", 4)),
        "call-without-a-request-id": segment(
            (PROCESS, b""), ({k: v for k, v in CALL.items() if k != "request_id"}, b"")
        ),
        "init-error": segment(
            (PROCESS, b""),
            (
                {"kind": "invocation_end", "time": T + 3, "status": "error", "phase": "init", "parts": [["error", 2]]},
                b"{}",
            ),
        ),
        "drops": segment(
            (PROCESS, b""),
            ({"kind": "drops", "time": T, "frames": {"off": 3}, "bytes": 512, "faults": {"urllib3.urlopen": 1}}, b""),
        ),
        "no-client-recognised": segment(
            (
                {**{k: v for k, v in PROCESS.items() if k != "client"}, "not_watched": "no runtime client recognised"},
                b"",
            ),
        ),
        "unknown-kind-is-a-frame": segment(
            (PROCESS, b""), ({"kind": "weather", "time": T, "parts": [["x", 1]]}, b"?"), end
        ),
        "unknown-header-keys": segment(
            ({**PROCESS, "colour": {"red": [1, None]}}, b""), ({**START, "new": True}, event[1])
        ),
        "binary-payload": segment((PROCESS, b""), ({**START, "parts": [["event", len(binary)]]}, binary)),
        "empty-part": segment((PROCESS, b""), ({**START, "parts": [["event", 0]]}, b"")),
        "no-parts-no-payload": segment((PROCESS, b""), ({**END, "parts": []}, b"")),
        "same-part-twice": segment((PROCESS, b""), ({**END, "parts": [["response", 1], ["response", 3]]}, b"null")),
        "non-ascii-url": segment((PROCESS, b""), ({**CALL, "url": "http://h/\u00fc\U0001f600"}, b"")),
        "lone-surrogate-in-a-string": segment((PROCESS, b""), ({**CALL, "url": "http://h/\ud800"}, b"")),
        "negative-and-huge-times": segment(
            (PROCESS, b""), ({**END, "time": -1}, b"null"), ({**END, "time": 2**70}, b"null")
        ),
        "process-frame-again": segment((PROCESS, b""), (PROCESS, b""), end),
        "largest-header": _largest_header(),
        "payload-of-70000-bytes": segment((PROCESS, b""), ({**START, "parts": [["event", 70_000]]}, b"e" * 70_000)),
    }


def _largest_header() -> tuple[bytes, list[dict]]:
    base = {**CALL, "url": ""}
    filler = 65_536 - len(json.dumps(base, separators=(",", ":")))
    return segment((PROCESS, b""), ({**base, "url": "u" * filler}, b""))


def invalid() -> dict[str, tuple[bytes, list[dict], tuple[int, str]]]:
    """Name -> segment, frames before the damage, (bytes lost, phrase)."""
    good, frames = segment((PROCESS, b""), (START, b'{"order":"42"}'))

    def after(tail: bytes, phrase: str) -> tuple[bytes, list[dict], tuple[int, str]]:
        return good + tail, frames, (len(tail), phrase)

    whole = frame(END, b"null")
    bad_header = "bad header"
    return {
        "torn-in-header-length": after(whole[:3], "torn frame"),
        "torn-in-payload-length": after(whole[:7], "torn frame"),
        "torn-after-lengths": after(whole[:8], "torn frame"),
        "torn-in-header": after(whole[:20], "torn frame"),
        "torn-in-payload": after(whole[:-1], "torn frame"),
        "torn-first-frame": (frame(PROCESS)[:-5], [], (len(frame(PROCESS)) - 5, "torn frame")),
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
        "no-process-frame": (whole, [], (len(whole), "no process frame")),
        "unknown-format": (
            frame({**PROCESS, "format": 9}) + whole,
            [],
            (len(frame({**PROCESS, "format": 9})) + len(whole), "unknown format"),
        ),
        "format-missing": (
            frame({k: v for k, v in PROCESS.items() if k != "format"}),
            [],
            (len(frame({k: v for k, v in PROCESS.items() if k != "format"})), "unknown format"),
        ),
    }


Case = tuple[bytes, list[dict], tuple[int, str] | None]


def valid_2() -> dict[str, Case]:
    """Segments of version 2, without the reserved space behind what is committed."""
    cases: dict[str, Case] = {}
    for name, (_, frames_1) in valid().items():
        data, frames = of_version_2(frames_1)
        cases[name] = (head(len(data)) + data, frames, None)
    del cases["empty-file"]
    data, frames = of_version_2(valid()["one-invocation-with-one-call"][1])
    first, rest = of_version_2(frames[:1])[0], frames[1:]
    wiped_2 = of_version_2(frames[:3])[0]
    zeros = first + bytes(len(wiped_2) - len(first))
    return {
        **cases,
        "empty-file-is-being-made": (b"", [], None),
        "short-file-is-being-made": (head(0)[:40], [], None),
        "zeros-are-being-made": (bytes(4096), [], None),
        "spare": (head(0) + bytes(4032), [], None),
        "bytes-behind-committed-are-not-seen": (head(len(first)) + data + b"killed while it copied", frames[:1], None),
        "closed": (head(len(data), closed=1) + data, frames, None),
        "nobody-reads-it-any-more": (head(len(data), off=1) + data, frames, None),
        "begun-again-at-a-position-of-5000": (head(5000 + len(data), 5000) + data, frames, None),
        "begun-again-and-nothing-new": (head(5000, 5000) + data, [], None),
        "positions-wrap-around": (head(len(data) - 256, -256) + data, frames, None),
        "goes-on-at-done": (head(len(data), done=len(first)) + data, rest, None),
        "goes-on-at-done-behind-wiped-bytes": (
            head(len(data), taken=len(wiped_2), done=len(wiped_2)) + zeros + data[len(wiped_2) :],
            frames[3:],
            None,
        ),
        "goes-on-at-done-where-wiping-was-cut-short": (
            head(len(data), taken=len(first), done=len(wiped_2)) + zeros[:-8] + data[len(wiped_2) - 8 :],
            frames[3:],
            None,
        ),
        "all-of-it-is-done": (head(len(data), taken=len(data), done=len(data)) + first + bytes(64), [], None),
        "done-beyond-committed-is-not-believed": (head(len(data), done=len(data) + 8) + data, frames, None),
        "done-before-base-is-not-believed": (head(800 + len(data), 800, done=792) + data, frames, None),
    }


def invalid_2() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    good, frames = of_version_2(segment((PROCESS, b""), (START, b'{"order":"42"}'))[1])
    damaged_from = len(segment((PROCESS, b""), (START, b'{"order":"42"}'))[0])
    for name, (data_1, before, loss) in invalid().items():
        if before and not name.startswith("torn"):
            tail = padded(data_1[damaged_from:])
            cases[name] = (head(len(good) + len(tail)) + good + tail, frames, (len(tail), loss[1]))
    whole = padded(frame(END, b"null"))

    def lies(committed: int, lost: int, base: int = 0) -> Case:
        return head(committed, base) + good, frames, (lost, "bad head")

    def first(bytes_2: bytes, phrase: str) -> Case:
        return head(len(bytes_2)) + bytes_2, [], (len(bytes_2), phrase)

    def alone(data: bytes, phrase: str) -> Case:
        return data, [], (len(data), phrase)

    return {
        **cases,
        "torn-in-lengths-nothing-behind": (head(len(good) + 8) + good + whole[:8], frames, (8, "torn frame")),
        "torn-in-header": (head(len(good) + 24) + good + whole, frames, (24, "torn frame")),
        "torn-in-payload": (head(len(good) + len(whole) - 8) + good + whole, frames, (len(whole) - 8, "torn frame")),
        "torn-first-frame": first(padded(frame(PROCESS))[:-8], "torn frame"),
        "no-process-frame": first(whole, "no process frame"),
        "format-of-version-1": first(padded(frame(PROCESS)) + whole, "unknown format"),
        "format-missing": first(padded(frame({k: v for k, v in PROCESS.items() if k != "format"})), "unknown format"),
        "committed-beyond-the-file": lies(len(good) + 4096, 4096),
        "committed-far-beyond-any-file": lies(1 << 31, (1 << 25) - len(good)),
        "committed-before-base": lies(4096, (1 << 25) - len(good), 8192),
        "committed-is-no-multiple-of-8": lies(len(good) + 3, 3),
        "file-cut-in-a-frame": (
            head(len(good) + len(whole)) + good + whole[:30],
            frames,
            (len(whole), "bad head"),
        ),
        "unknown-version": alone(head(len(good), version=3) + good, "unknown format"),
        "no-magic": alone(b"X" + head(len(good))[1:] + good, "bad head"),
        "segment-of-version-1": alone(valid()["worked-example"][0], "bad head"),
    }


def vectors() -> dict[str, bytes]:
    """Relative file name -> contents, for every vector."""
    files = {}
    cases: dict[str, Case]
    cases = {f"valid/{name}.spool": (*case, None) for name, case in valid().items()}
    cases |= {f"invalid/{name}.spool": case for name, case in invalid().items()}
    cases |= {f"version2/valid/{name}.segment": case for name, case in valid_2().items()}
    cases |= {f"version2/invalid/{name}.segment": case for name, case in invalid_2().items()}
    for name, (data, frames, loss) in cases.items():
        expected = {"frames": frames, "loss": loss and {"lost_bytes": loss[0], "phrase": loss[1]}}
        files[name] = data
        stem, _, _ = name.rpartition(".")
        files[f"{stem}.json"] = json.dumps(expected, indent=1).encode("ascii") + b"\n"
    return files


if __name__ == "__main__":
    for folder in ("valid", "invalid", "version2/valid", "version2/invalid"):
        (HERE / folder).mkdir(parents=True, exist_ok=True)
        for old in (HERE / folder).iterdir():
            old.unlink()
    for name, contents in vectors().items():
        (HERE / name).write_bytes(contents)
