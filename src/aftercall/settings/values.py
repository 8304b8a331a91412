"""How the values of variables are read. Each function returns what it read, or raises UnusableValueError."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.urls import Url, percent_decoded

if TYPE_CHECKING:
    from typing import Any

MAX_CAPTURE_BYTES = 1_048_576
"""The most that AFTERCALL_CAPTURE_BYTES and AFTERCALL_EVENT_BYTES can ask for."""

EXPORTERS = ("log", "json", "otlp")


class UnusableValueError(ValueError):
    """The message says what a usable value looks like. `used` is what is used instead, None for the default."""

    def __init__(self, wanted: str, used: Any = None) -> None:
        super().__init__(wanted)
        self.used = used


def text(value: str) -> str:
    return value


def items(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def words(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def folder(value: str) -> str:
    if not value.startswith("/"):
        raise UnusableValueError("an absolute path")
    return value.rstrip("/") or "/"


def boolean(value: str) -> bool:
    """OpenTelemetry's rule: only `true`, in any case, is true."""
    if value.lower() not in {"true", "false"}:
        raise UnusableValueError("true or false")
    return value.lower() == "true"


def switch(value: str) -> bool:
    if value.lower() not in {"true", "1", "false", "0"}:
        raise UnusableValueError("true or false")
    return value.lower() in {"true", "1"}


def byte_count(value: str) -> int:
    wanted = f"a number of bytes up to {MAX_CAPTURE_BYTES}"
    if not value.isascii() or not value.isdigit():
        raise UnusableValueError(wanted)
    if len(value) > 7 or int(value) > MAX_CAPTURE_BYTES:
        raise UnusableValueError(wanted, used=MAX_CAPTURE_BYTES)
    return int(value)


def level(value: str) -> str:
    level = {"warning": "warn", "info": "warn", "error": "warn", "trace": "debug"}.get(value.lower(), value.lower())
    if level not in {"debug", "warn", "off"}:
        raise UnusableValueError("debug, warn or off")
    return level


def milliseconds(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= len(value) <= 6 or int(value) == 0:
        raise UnusableValueError("milliseconds between 1 and 999999")
    return int(value)


def exporters(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    if names == ("none",):
        return ()
    if not names or any(name not in EXPORTERS for name in names):
        raise UnusableValueError("a comma list of " + ", ".join(EXPORTERS) + ", or none")
    return names


def url(value: str) -> str:
    parts = Url(value)
    if parts.scheme not in {"http", "https"} or not parts.host or parts.port_number() is None:
        raise UnusableValueError("a URL such as https://collector.example:4318")
    if any(letter <= " " for letter in value):
        raise UnusableValueError("a URL without spaces")
    return value


def pairs(value: str) -> tuple[tuple[str, str], ...]:
    """OpenTelemetry's format, after W3C Baggage: `key1=value1,key2=value2`, values percent-encoded."""
    found = []
    for pair in value.split(","):
        if not pair.strip():
            continue
        key, equals, text = pair.partition("=")
        if not equals or not key.strip():
            raise UnusableValueError("key1=value1,key2=value2, percent-encoded where a value holds a comma")
        found.append((key.strip(), percent_decoded(text.strip().replace("+", "%2B"))))
    return tuple(found)


def headers(value: str) -> tuple[tuple[str, str], ...]:
    found = pairs(value)
    for name, text in found:
        if not name.isascii() or not name.isprintable() or any(letter in ' ()<>@,;:\\"/[]?={}' for letter in name):
            raise UnusableValueError("header names without spaces or punctuation")
        if any(letter in "\r\n\0" for letter in text):
            raise UnusableValueError("header values without line breaks")
        try:
            text.encode("latin-1")
        except UnicodeEncodeError:
            raise UnusableValueError("header values in Latin-1") from None
    return found


def protocol(value: str) -> str:
    if value != "http/json":
        raise UnusableValueError("http/json, the only protocol here so far")
    return value


def compression(value: str) -> str:
    if value.lower() not in {"gzip", "none"}:
        raise UnusableValueError("gzip or none")
    return value.lower()
