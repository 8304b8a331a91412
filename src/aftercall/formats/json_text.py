"""JSON by CPython's own C scanner and encoder, without the `json` package around them.

`json` compiles regular expressions when it is imported: with `re` and `enum` behind it that takes as much CPU as
starting the interpreter. Its C halves need none of that. If they are missing, `json` itself is used.
`quoted` returns a str as a JSON string in ASCII.
`loads` raises ValueError for what is not one JSON text and RecursionError for one that is nested too deeply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_WHITESPACE = " \t\n\r"


class _ScannerContext:
    """What `_json.make_scanner` asks of a decoder object."""

    strict = False  # control characters in strings: other languages' writers let them pass
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    memo: dict[str, str] = {}  # noqa: RUF012 - never written: the C scanner has a memo of its own

    @staticmethod
    def parse_constant(name: str) -> float:
        return {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}[name]


def _not_serializable(value: object) -> Any:
    raise TypeError(f"{type(value).__name__} is not JSON")


def _native() -> tuple[Callable[[str], Any], Callable[[object], str], Callable[[str], str]]:
    import _json  # noqa: PLC0415 - CPython's private half, may be absent

    scan = _json.make_scanner(_ScannerContext())  # type: ignore[arg-type]  # typeshed asks for one of its own kind
    encode = _json.make_encoder(
        None,  # markers: our values hold no cycles
        _not_serializable,
        _json.encode_basestring_ascii,
        None,  # indent
        ":",
        ",",
        False,  # sort_keys
        False,  # skipkeys
        False,  # allow_nan
    )

    def loads(text: str) -> Any:
        text = text.strip(_WHITESPACE)
        try:
            value, end = scan(text, 0)
        except (StopIteration, SystemError):
            # Up to Python 3.11 it would raise an exception of json.decoder, which is not loaded.
            raise ValueError("not JSON") from None
        if end != len(text):
            raise ValueError("text after the JSON value")
        return value

    def dumps(value: object) -> str:
        return "".join(encode(value, 0))

    return loads, dumps, _json.encode_basestring_ascii


def _fallback() -> tuple[Callable[[str], Any], Callable[[object], str], Callable[[str], str]]:
    import json  # noqa: PLC0415 - only where the C halves are missing

    def loads(text: str) -> Any:
        return json.loads(text, strict=False)

    def dumps(value: object) -> str:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)

    return loads, dumps, json.encoder.encode_basestring_ascii


try:
    loads, dumps, quoted = _native()
except (ImportError, AttributeError, TypeError):
    loads, dumps, quoted = _fallback()
