"""Looks for texts that take more than linear time: pieces of every format, drawn at random and repeated.

    python -m tests.masking.growth --minutes 10 [--seed 7]

A text is judged by how its time grows from one size to the double and again, in the same run.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from aftercall.masking.paths import Path, redact_paths
from aftercall.masking.patterns import Pattern
from aftercall.masking.redact_text import redact_bytes
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import STRICT, Rules
from aftercall.pipeline.coded_body import redact_coded_bodies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECES = (
    b'"', b"'", b"`", b"\\", b'\\"', b"\\'", b'\\\\\\"', b"{", b"}", b"[", b"]", b":", b",", b"=", b"&", b"<", b">", b"%",
    b" ", b"\n", b"\\n", b"\r\n", b"\\r\\n", b"\r\n\r\n", b"\\u0022", b"\\u0070", b"\\/", b"%22", b"%41", b"%3D", b"%2541", b"%20",
    b"&quot;", b"&amp;", b"&lt;", b"&gt;", b"&amp;lt;", b"&#39;", b"://", b"//", b"/*", b"*/", b"@", b"-", b"--", b"- ", b"|",
    b"!", b"(", b")", b";", b"#", b"/", b"+", b".", b"_", b"=>", b":=", b"</", b"/>", b"<!--", b"<![CDATA[", b"]]>", b"$",
    b"\xff", b"\xc3\xa4", b"\0", b"x", b"a b ", b"4", b"password", b"api key", b"cookie", b"token", b"authorization",
    b"x-api-key", b"secret_key", b"--password", b"name", b"value", b"Value", b"key", b"old", b"new", b"field", b"content", b"data",
    b"type", b"expires", b"in ('", b" is ", b"name=", b"value=", b'name="password"', b'"name":"password"', b'"value":',
    b'"password":', b'"password":"', b"password=", b"<password>", b"</password>", b"&lt;password&gt;", b"<a key=", b"token={",
    b"s:8:", b";s:3:", b'"op":"add","path":"/password"', b'("token", ', b"Content-Disposition: form-data; ", b"\r\n--",
    b"eyJhIjogMX0K", b"H4sI", b"eyJhbGciOiJIUzI1NiJ9.e30.x", b"4111 1111 1111 1111", b"4111", b"2020-", b"AKIAIOSFODNN7EXAMPLE",
    b"ghp_8fK2mZq7Rt4Xv9Lw3Nc6Pb1Yd5Hs0Jg8uA2e", b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", b"IQoJb3JpZ2lu", b"sk-",
    b"-----BEGIN PRIVATE KEY-----", b"-----END", b"Bearer ", b"Basic ", b"@tcp(", b"u:p", b"https://", b"https://u:p@h/",
    b"hooks.slack.com/services/", b"curl -u a:b ", b"identified by '", b"jdbc:oracle:thin:a/b", b"sqlplus a/b",
    b"password for a = '", b"Private-Lines: 2\n", b"access_token$production$", b".atlasv1.", b"m@e.example", b"arn:aws:",
    b"Zx4TqA8kJ8dPq3xYw9Lw3Nc6", "пароль".encode(), "密码".encode(), b"\\u043f\\u0430\\u0440\\u043e\\u043b\\u044c",
    b"%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C", b"hunter2-tiger", b'"body":"', b"a1b2c3d4", b"value: ", b"default: ", b"password: |", b"password,token", b"- name: password", b"' is ", b" -> ",
    b'"isBase64Encoded":true',
)  # fmt: skip

FIRST_SIZE = 4_000
STEPS = ((4, 7.0), (2, 3.0))
"""How many times the size, and what growth of the time is more than linear: 4 would be, and 16 were quadratic."""


@dataclass(frozen=True)
class Text:
    way: str
    before: bytes
    repeated: bytes
    after: bytes

    def of_size(self, size: int) -> bytes:
        return self.before + self.repeated * (size // len(self.repeated) + 1) + self.after


def _as_body(text: bytes) -> None:
    redact_bytes(text, Rules())


def _as_cut_body(text: bytes) -> None:
    redact_bytes(text, Rules(), truncated=True)


def _by_own_rules(text: bytes) -> None:
    rules = Rules()
    rules.level = STRICT
    rules.keys = ("*_ref", "customer*")
    rules.environment = (("DB_PASSWORD", (b"hunter2-tiger", b"hunter2%2Dtiger")),)
    redact_bytes(text, rules, truncated=True)


def _by_pattern(text: bytes) -> None:
    list(Pattern(r"(a+)+\d|token.*x").spans(text))


def _by_paths(text: bytes) -> None:
    redact_paths(text, (Path("event.a.b"), Path("*.name"), Path("*.*.value")), "event")


def _as_url(text: bytes) -> None:
    redact_url("https://h.example/" + text.decode("latin-1"))


def _as_form(text: bytes) -> None:
    redact_url("?" + text.decode("latin-1"))


def _as_answer(text: bytes) -> None:
    redact_coded_bodies(b'"isBase64Encoded":true' + text, Rules(), "event", truncated=True)


WAYS: dict[str, Callable[[bytes], None]] = {
    "body": _as_body,
    "cut body": _as_cut_body,
    "own rules": _by_own_rules,
    "pattern": _by_pattern,
    "paths": _by_paths,
    "URL": _as_url,
    "form": _as_form,
    "answer": _as_answer,
}
SHARES = (5, 8, 4, 1, 1, 1, 1, 2)
"""How often each way is drawn."""


def drawn(random: Random) -> Text:
    def pieces(least: int, most: int) -> bytes:
        return b"".join(random.choices(PIECES, k=random.randint(least, most)))

    way = random.choices(list(WAYS), SHARES)[0]
    return Text(way, pieces(0, 2), pieces(1, 4), pieces(0, 2))


def seconds(text: Text, size: int) -> float:
    """Of CPU, the least of two runs: the first may pay for what is loaded or remembered."""
    data = text.of_size(size)
    times = []
    for _ in range(2):
        began = time.process_time()
        WAYS[text.way](data)
        times.append(time.process_time() - began)
    return min(times)


def is_slow(text: Text) -> bool:
    """Whether time grows faster than the text does, at each step."""
    size = FIRST_SIZE
    last = seconds(text, size)
    for times, growth in STEPS:
        size *= times
        taken = seconds(text, size)
        if taken < growth * last:
            return False
        last = taken
    return True


def slow_texts(seed: int, until: float) -> Iterator[Text | None]:
    """One item for each text that was tried, up to that many seconds of CPU: the text, where it is slow twice."""
    random = Random(seed)
    ends = time.process_time() + until
    while time.process_time() < ends:
        text = drawn(random)
        yield text if is_slow(text) and is_slow(text) else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    tried = found = 0
    for text in slow_texts(chosen.seed, 60 * chosen.minutes):
        tried += 1
        if text is not None:
            found += 1
            print(f"{text}: {seconds(text, 64_000):.2f} s for 64 kB", flush=True)
    print(f"growth: {tried} texts of seed {chosen.seed}, {found} take more than linear time")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
