"""Every environment variable that the extension's Python part reads, in one table. The README's table is made from it.

A value that cannot be used never fails the start: it is named in one line, with what is used instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.extension.settings_that_clash import choose_client_certificate, choose_exporters
from aftercall.masking.redact_url import percent_decoded
from aftercall.masking.shown_value import shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

MAX_CAPTURE_BYTES = 1_048_576
"""What wrappers cut AFTERCALL_CAPTURE_BYTES and AFTERCALL_EVENT_BYTES to."""

EXPORTERS = ("log", "json", "otlp")


class UnusableValueError(ValueError):
    """The message says what a usable value looks like; `used` is what is taken instead, None for the default."""

    def __init__(self, wanted: str, used: Any = None) -> None:
        super().__init__(wanted)
        self.used = used


class Variable:
    """One setting: the variables that give it (the first that is set wins), its default and how it is read."""

    __slots__ = ("attribute", "default", "help", "names", "parse", "secret")

    def __init__(
        self,
        attribute: str,
        names: tuple[str, ...],
        default: Any,
        parse: Callable[[str], Any],
        help_text: str,
        *,
        secret: bool = False,
    ) -> None:
        self.attribute = attribute
        self.names = names
        self.default = default
        self.parse = parse
        self.help = help_text
        self.secret = secret


class Settings:
    """The values of the table."""

    disabled: bool
    spool_dir: str
    capture_bytes: int
    event_bytes: int
    exclude_hosts: str
    next_wrapper: str
    masking: str
    masking_keys: tuple[str, ...]
    masking_values: tuple[str, ...]
    masking_paths: tuple[str, ...]
    masking_allow: tuple[str, ...]
    masking_file: str
    log_level: str
    exporters: tuple[str, ...]
    export_budget_ms: int
    json_endpoint: str
    json_headers: tuple[tuple[str, str], ...]
    otel_disabled: bool
    service_name: str
    resource_attributes: tuple[tuple[str, str], ...]
    otlp_traces_endpoint: str
    otlp_endpoint: str
    otlp_headers: tuple[tuple[str, str], ...]
    otlp_timeout_ms: int
    otlp_compression: str
    otlp_protocol: str
    otlp_certificate: str
    otlp_client_certificate: str
    otlp_client_key: str


# How values are read


def _text(value: str) -> str:
    return value


def _list(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def _folder(value: str) -> str:
    if not value.startswith("/"):
        raise UnusableValueError("an absolute path")
    return value.rstrip("/") or "/"


def _boolean(value: str) -> bool:
    """OpenTelemetry's rule: only `true`, whatever its case, is true."""
    if value.lower() not in {"true", "false"}:
        raise UnusableValueError("true or false")
    return value.lower() == "true"


def _switch(value: str) -> bool:
    if value.lower() not in {"true", "1", "false", "0"}:
        raise UnusableValueError("true or false")
    return value.lower() in {"true", "1"}


def _bytes(value: str) -> int:
    wanted = f"a number of bytes up to {MAX_CAPTURE_BYTES}"
    if not value.isascii() or not value.isdigit():
        raise UnusableValueError(wanted)
    if len(value) > 7 or int(value) > MAX_CAPTURE_BYTES:
        raise UnusableValueError(wanted, used=MAX_CAPTURE_BYTES)
    return int(value)


def _level(value: str) -> str:
    level = {"warning": "warn", "info": "warn", "error": "warn", "trace": "debug"}.get(value.lower(), value.lower())
    if level not in {"debug", "warn", "off"}:
        raise UnusableValueError("debug, warn or off")
    return level


def _milliseconds(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= len(value) <= 6 or int(value) == 0:
        raise UnusableValueError("milliseconds between 1 and 999999")
    return int(value)


def _exporters(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
    if names == ("none",):
        return ()
    if not names or any(name not in EXPORTERS for name in names):
        raise UnusableValueError("a comma list of " + ", ".join(EXPORTERS) + ", or none")
    return names


def _url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    name, bracket, after = host.partition("]") if host.startswith("[") else host.partition(":")
    port = after.removeprefix(":") if bracket in {"]", ":"} else ""
    port_is_good = not port or (port.isascii() and port.isdigit() and 0 < len(port) <= 5 and 0 < int(port) < 65536)
    if not separator or scheme.lower() not in {"http", "https"} or not name.strip("[") or not port_is_good:
        raise UnusableValueError("a URL such as https://collector.example:4318")
    if any(letter <= " " for letter in value):
        raise UnusableValueError("a URL without spaces")
    return value


def _pairs(value: str) -> tuple[tuple[str, str], ...]:
    """OpenTelemetry's form, after W3C Baggage: `key1=value1,key2=value2`, values percent-encoded."""
    found = []
    for pair in value.split(","):
        if not pair.strip():
            continue
        key, equals, text = pair.partition("=")
        if not equals or not key.strip():
            raise UnusableValueError("key1=value1,key2=value2, percent-encoded where a value holds a comma")
        found.append((key.strip(), percent_decoded(text.strip().replace("+", "%2B"))))
    return tuple(found)


def _headers(value: str) -> tuple[tuple[str, str], ...]:
    pairs = _pairs(value)
    for name, text in pairs:
        if not name.isascii() or not name.isprintable() or any(letter in ' ()<>@,;:\\"/[]?={}' for letter in name):
            raise UnusableValueError("header names without spaces or punctuation")
        if any(letter in "\r\n\0" for letter in text):
            raise UnusableValueError("header values without line breaks")
        try:
            text.encode("latin-1")
        except UnicodeEncodeError:
            raise UnusableValueError("header values in Latin-1") from None
    return pairs


def _protocol(value: str) -> str:
    if value != "http/json":
        raise UnusableValueError("http/json, the only protocol here so far")
    return value


def _compression(value: str) -> str:
    if value.lower() not in {"gzip", "none"}:
        raise UnusableValueError("gzip or none")
    return value.lower()


def _traces(name: str) -> tuple[str, str]:
    """OpenTelemetry's rule: the variable of the signal wins over the general one."""
    return (f"OTEL_EXPORTER_OTLP_TRACES_{name}", f"OTEL_EXPORTER_OTLP_{name}")


VARIABLES = (
    Variable(
        "disabled", ("AFTERCALL_DISABLED",), False, _switch, "`true` switches all off: the function runs as without us."
    ),
    Variable(
        "spool_dir",
        ("AFTERCALL_SPOOL_DIR",),
        "/tmp/aftercall",  # noqa: S108 - the launcher makes it, 0700, and refuses one that is not its own
        _folder,
        "Where wrappers hand over what they saw.",
    ),
    Variable(
        "capture_bytes",
        ("AFTERCALL_CAPTURE_BYTES",),
        4096,
        _bytes,
        "Of each body of a call, this many first bytes are kept. Read by the wrappers.",
    ),
    Variable(
        "event_bytes",
        ("AFTERCALL_EVENT_BYTES",),
        65_536,
        _bytes,
        "The same for the event and the response of an invocation, where they are shown; errors have their own bounds.",
    ),
    Variable(
        "exclude_hosts",
        ("AFTERCALL_EXCLUDE_HOSTS",),
        "",
        _text,
        "Comma list of hosts to and from which no body is ever kept. Read by the wrappers.",
    ),
    Variable(
        "propagate",
        ("AFTERCALL_PROPAGATE",),
        False,
        _switch,
        "`true` passes the trace on: calls within an invocation carry `traceparent`, unless they have one. "
        "Read by the wrappers.",
    ),
    Variable(
        "next_wrapper",
        ("AFTERCALL_NEXT_WRAPPER",),
        "",
        _text,
        "Your own wrapper script, run after ours with the runtime's command line. Read by the wrappers.",
    ),
    Variable(
        "masking",
        ("AFTERCALL_MASKING",),
        "",
        _text,
        "`standard` (also when unset); `strict` masks e-mail addresses and whatever looks drawn at random as well; "
        "`basic` shows the last word of texts that were cut off.",
    ),
    Variable(
        "masking_keys",
        ("AFTERCALL_MASKING_KEYS",),
        (),
        _list,
        "Comma list of your own names whose values are secret; `*` stands for any letters.",
    ),
    Variable(
        "masking_values",
        ("AFTERCALL_MASKING_VALUES",),
        (),
        _words,
        "Regular expressions of your own secrets' form, parted by spaces (`\\s` means one), matched in linear time.",
    ),
    Variable(
        "masking_paths",
        ("AFTERCALL_MASKING_PATHS",),
        (),
        _list,
        "Comma list of paths in JSON: `event.detail.iban`, `response.items[*].sku`, `request.*.pin`, `*.profile`.",
    ),
    Variable(
        "masking_allow",
        ("AFTERCALL_MASKING_ALLOW",),
        (),
        _list,
        "Comma list of names that are masked by mistake.",
    ),
    Variable(
        "masking_file",
        ("AFTERCALL_MASKING_FILE",),
        "",
        _folder,
        "A JSON file with such rules; unset: `aftercall-masking.json` in the function's package or a layer, if any.",
    ),
    Variable(
        "log_level",
        ("AFTERCALL_LOG_LEVEL",),
        "warn",
        _level,
        "`debug` tells each phase as it passes, with times; `off` says nothing.",
    ),
    Variable(
        "exporters",
        ("AFTERCALL_EXPORTER",),
        None,
        _exporters,
        "Comma list of `log`, `json`, `otlp`. Unset: `otlp` or `json` where its endpoint is set, else `log`.",
    ),
    Variable(
        "export_budget_ms",
        ("AFTERCALL_EXPORT_BUDGET_MS",),
        1000,
        _milliseconds,
        "Longest time after an invocation that sending may take; it is billed.",
    ),
    Variable(
        "json_endpoint", ("AFTERCALL_JSON_ENDPOINT",), "", _url, "Where `json` posts one document for each invocation."
    ),
    Variable(
        "json_headers",
        ("AFTERCALL_JSON_HEADERS",),
        (),
        _headers,
        "Headers of these posts: `key1=value1,key2=value2`, percent-encoded.",
        secret=True,
    ),
    Variable("otel_disabled", ("OTEL_SDK_DISABLED",), False, _boolean, "`true`: nothing is sent by OTLP."),
    Variable("service_name", ("OTEL_SERVICE_NAME",), "", _text, "`service.name`; unset: the function's name."),
    Variable(
        "resource_attributes",
        ("OTEL_RESOURCE_ATTRIBUTES",),
        (),
        _pairs,
        "Attributes of the resource: `key1=value1,key2=value2`.",
        secret=True,
    ),
    Variable(
        "otlp_traces_endpoint", ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",), "", _url, "Where traces go, used as it is."
    ),
    Variable(
        "otlp_endpoint",
        ("OTEL_EXPORTER_OTLP_ENDPOINT",),
        "",
        _url,
        "Base URL of the OTLP receiver; `/v1/traces` is appended. Unset: http://localhost:4318.",
    ),
    Variable(
        "otlp_headers",
        _traces("HEADERS"),
        (),
        _headers,
        "Headers of the posts: `key1=value1,key2=value2`, percent-encoded.",
        secret=True,
    ),
    Variable(
        "otlp_timeout_ms",
        _traces("TIMEOUT"),
        10_000,
        _milliseconds,
        "Longest time for one post, within the export budget.",
    ),
    Variable("otlp_compression", _traces("COMPRESSION"), "none", _compression, "`gzip` or `none`."),
    Variable(
        "otlp_protocol",
        _traces("PROTOCOL"),
        "http/json",
        _protocol,
        "`http/json`; others are answered by one line, and JSON is used.",
    ),
    Variable("otlp_certificate", _traces("CERTIFICATE"), "", _text, "File with the CA certificates (PEM) to trust."),
    Variable(
        "otlp_client_certificate",
        _traces("CLIENT_CERTIFICATE"),
        "",
        _text,
        "File with the client's certificate chain (PEM).",
    ),
    Variable("otlp_client_key", _traces("CLIENT_KEY"), "", _text, "File with the client's private key (PEM)."),
)


def read(environment: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """The settings, and one line for each value that could not be used."""
    settings = Settings()
    complaints: list[str] = []
    for variable in VARIABLES:
        setattr(settings, variable.attribute, _value(variable, environment, complaints))
    choose_exporters(settings, environment, complaints)
    choose_client_certificate(settings, complaints)
    return settings, complaints


def _value(variable: Variable, environment: Mapping[str, str], complaints: list[str]) -> Any:
    refused: list[str] = []
    found = variable.default
    for name in variable.names:
        # OpenTelemetry's rule, good for all: an empty value counts as unset.
        value = environment.get(name, "").strip()
        if not value:
            continue
        try:
            found = variable.parse(value)
        except UnusableValueError as wanted:
            refused.append(f"{name} ({_shown(variable, value)}): {wanted} is needed; ")
            found = variable.default if wanted.used is None else wanted.used
        else:
            break
    complaints += [line + _instead(found, secret=variable.secret) for line in refused]
    return found


def _shown(variable: Variable, value: str) -> str:
    if variable.secret:
        return f"{len(value)} characters, not shown"
    return shown_value(value)


def _instead(found: Any, *, secret: bool) -> str:
    if found in (None, "", ()):
        return "left out"
    if secret:
        return "the general variable's is used"
    return f"{str(found).lower() if isinstance(found, bool) else found} is used"
