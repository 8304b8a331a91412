"""Each way in to masking, as a function of bytes: what was shown, and by which rules, or which error was raised.

Run as a program it answers for another process, which has other modules: see `Elsewhere`.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Self

from aftercall.masking.paths import Path, redact_below, redact_paths
from aftercall.masking.patterns import Pattern
from aftercall.masking.redact_text import redact_bytes, redact_cookie, redact_text
from aftercall.masking.redact_url import redact_url
from aftercall.masking.rules import BASIC, STRICT, Rules
from aftercall.pipeline.coded_body import redact_coded_bodies
from aftercall.pipeline.redact import Redactor
from build_spec.compiled_modules import ROOT
from tests.masking.pipeline import FUNCTION, Seen, record_of, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType


def _body(data: bytes, *, truncated: bool = False, rules: Rules | None = None) -> tuple[bytes, list[str]]:
    rules = rules or Rules()
    rules.audit = []
    return redact_bytes(data, rules, truncated=truncated), rules.audit


def _own_rules(data: bytes) -> object:
    rules = Rules()
    rules.level = STRICT
    rules.keys = ("*_ref", "customer*")
    rules.allowed = frozenset(("token",))
    rules.patterns = (Pattern(r"(a+)+\d|id.*x"),)
    rules.environment = (("DB_PASSWORD", (b"hunter2-tiger", b"hunter2%2Dtiger")),)
    return _body(data, truncated=True, rules=rules)


def _basic(data: bytes) -> object:
    rules = Rules()
    rules.level = BASIC
    return _body(data, rules=rules)


def _paths(data: bytes) -> object:
    paths = (Path("event.a.b"), Path("*.name"), Path("*.*.value"))
    return redact_paths(data, paths, "event"), redact_below(data, paths, "event", "body")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _record(data: bytes) -> object:
    """What an invocation with it in each place comes out as. Faults show as what was withheld."""
    redactor = Redactor(bodies=True)
    head = data[:2_000].decode("latin-1").replace("\r", "").replace("\n", "")
    seen = Seen(
        event=data, response=data, url=f"https://h.example/{head}",
        request_headers=[("Cookie", head), (head[:40], head)],
        response_headers=[("Set-Cookie", head), ("Location", head)], request_body=data, response_body=data[::2],
        error_type="Error", error_message=_text(data[:1_000]).encode("utf-8", "replace").decode(),
        sizes={"response": len(data) + 1, "request_body": len(data) + 1},
    )  # fmt: skip
    return _shown(seen, redactor)


def _seen(seen: Any) -> object:
    return _shown(seen, Redactor(bodies=True))


def _shown(seen: Seen, redactor: Redactor) -> object:
    exported = sent(record_of(seen, redactor))
    # The instance's name is drawn in each process.
    return {name: text.replace(FUNCTION.instance, "") for name, text in exported.items()}, redactor.withheld


WAYS: dict[str, Callable[[Any], object]] = {
    "body": _body,
    "cut body": lambda data: _body(data, truncated=True),
    "own rules": _own_rules,
    "basic level": _basic,
    "text": lambda data: (redact_text(_text(data)), redact_text(_text(data), truncated=True)),
    "cookie": lambda data: redact_cookie(_text(data)),
    "URL": lambda data: (redact_url(_text(data)), redact_url("https://h.example/" + _text(data))),
    "paths": _paths,
    "answer": lambda data: redact_coded_bodies(data, Rules(), "event", truncated=True),
    "record": _record,
    "seen": _seen,
}


def outcome(way: str, given: object) -> object:
    try:
        return WAYS[way](given)
    except Exception as error:
        return type(error).__name__


class Elsewhere:
    """A process that has the compiled modules. `stack`: the bytes of its stack."""

    def __init__(self, stack: int | None = None) -> None:
        limited = [] if stack is None else ["prlimit", f"--stack={stack}"]
        command = [*limited, sys.executable, "-m", "tests.compiled_modules", "tests.masking.ways"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()

    def outcomes(self, asked: Sequence[tuple[str, object]]) -> list[object]:
        """EOFError if the process has ended: a compiled module can crash."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        found = []
        for way, given in asked:
            pickle.dump((way, given), self._process.stdin)
            self._process.stdin.flush()
            found.append(pickle.load(self._process.stdout))
        return found


def main() -> None:
    while True:
        try:
            way, given = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(outcome(way, given), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
