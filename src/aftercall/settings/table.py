"""The table of all environment variables that the extension reads. The documentation's table is made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.settings import values

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Variable:
    """One setting: its variables (the first one that is set wins), its default, and how it is read."""

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
    """The value of each variable."""

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
    span_pointers: bool
    otlp_compression: str
    otlp_protocol: str
    otlp_certificate: str
    otlp_client_certificate: str
    otlp_client_key: str


def _traces(name: str) -> tuple[str, str]:
    """OpenTelemetry's rule: the variable of the signal wins over the general one."""
    return (f"OTEL_EXPORTER_OTLP_TRACES_{name}", f"OTEL_EXPORTER_OTLP_{name}")


VARIABLES = (
    Variable(
        "disabled",
        ("AFTERCALL_DISABLED",),
        False,
        values.switch,
        "`true` switches all off: the function runs as without us.",
    ),
    Variable(
        "spool_dir",
        ("AFTERCALL_SPOOL_DIR",),
        "/tmp/aftercall",  # noqa: S108 - the launcher makes it, 0700, and refuses one that is not its own
        values.folder,
        "Where wrappers hand over what they saw.",
    ),
    Variable(
        "capture_bytes",
        ("AFTERCALL_CAPTURE_BYTES",),
        4096,
        values.byte_count,
        "Of each body of a call, this many first bytes are kept. Read by the wrappers.",
    ),
    Variable(
        "event_bytes",
        ("AFTERCALL_EVENT_BYTES",),
        65_536,
        values.byte_count,
        "The same for the event and the response of an invocation, where they are shown; errors have their own bounds.",
    ),
    Variable(
        "exclude_hosts",
        ("AFTERCALL_EXCLUDE_HOSTS",),
        "",
        values.text,
        "Comma list of hosts to and from which no body is ever kept. Read by the wrappers.",
    ),
    Variable(
        "propagate",
        ("AFTERCALL_PROPAGATE",),
        False,
        values.switch,
        "`true` passes the trace on: calls within an invocation carry `traceparent`, unless they have one. "
        "Read by the wrappers.",
    ),
    Variable(
        "next_wrapper",
        ("AFTERCALL_NEXT_WRAPPER",),
        "",
        values.text,
        "Your own wrapper script, run after ours with the runtime's command line. Read by the wrappers.",
    ),
    Variable(
        "masking",
        ("AFTERCALL_MASKING",),
        "",
        values.text,
        "`standard` (also when unset); `strict` masks e-mail addresses and whatever looks drawn at random as well; "
        "`basic` shows the last word of texts that were cut off.",
    ),
    Variable(
        "masking_keys",
        ("AFTERCALL_MASKING_KEYS",),
        (),
        values.items,
        "Comma list of your own names whose values are secret; `*` stands for any letters.",
    ),
    Variable(
        "masking_values",
        ("AFTERCALL_MASKING_VALUES",),
        (),
        values.words,
        "Regular expressions of your own secrets' form, parted by spaces (`\\s` means one), matched in linear time.",
    ),
    Variable(
        "masking_paths",
        ("AFTERCALL_MASKING_PATHS",),
        (),
        values.items,
        "Comma list of paths in JSON: `event.detail.iban`, `response.items[*].sku`, `request.*.pin`, `*.profile`.",
    ),
    Variable(
        "masking_allow",
        ("AFTERCALL_MASKING_ALLOW",),
        (),
        values.items,
        "Comma list of names that are masked by mistake.",
    ),
    Variable(
        "masking_file",
        ("AFTERCALL_MASKING_FILE",),
        "",
        values.folder,
        "A JSON file with such rules; unset: `aftercall-masking.json` in the function's package or a layer, if any.",
    ),
    Variable(
        "log_level",
        ("AFTERCALL_LOG_LEVEL",),
        "warn",
        values.level,
        "`debug` tells each phase as it passes, with times; `off` says nothing.",
    ),
    Variable(
        "exporters",
        ("AFTERCALL_EXPORTER",),
        None,
        values.exporters,
        "Comma list of `log`, `json`, `otlp`. Unset: `otlp` or `json` where its endpoint is set, else `log`.",
    ),
    Variable(
        "export_budget_ms",
        ("AFTERCALL_EXPORT_BUDGET_MS",),
        1000,
        values.milliseconds,
        "Longest time after an invocation that sending may take; it is billed.",
    ),
    Variable(
        "json_endpoint",
        ("AFTERCALL_JSON_ENDPOINT",),
        "",
        values.url,
        "Where `json` posts one document for each invocation.",
    ),
    Variable(
        "json_headers",
        ("AFTERCALL_JSON_HEADERS",),
        (),
        values.headers,
        "Headers of these posts: `key1=value1,key2=value2`, percent-encoded.",
        secret=True,
    ),
    Variable("otel_disabled", ("OTEL_SDK_DISABLED",), False, values.boolean, "`true`: nothing is sent by OTLP."),
    Variable("service_name", ("OTEL_SERVICE_NAME",), "", values.text, "`service.name`; unset: the function's name."),
    Variable(
        "resource_attributes",
        ("OTEL_RESOURCE_ATTRIBUTES",),
        (),
        values.pairs,
        "Attributes of the resource: `key1=value1,key2=value2`.",
        secret=True,
    ),
    Variable(
        "otlp_traces_endpoint",
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",),
        "",
        values.url,
        "Where traces go, used as it is.",
    ),
    Variable(
        "otlp_endpoint",
        ("OTEL_EXPORTER_OTLP_ENDPOINT",),
        "",
        values.url,
        "Base URL of the OTLP receiver; `/v1/traces` is appended. Unset: http://localhost:4318.",
    ),
    Variable(
        "otlp_headers",
        _traces("HEADERS"),
        (),
        values.headers,
        "Headers of the posts: `key1=value1,key2=value2`, percent-encoded.",
        secret=True,
    ),
    Variable(
        "otlp_timeout_ms",
        _traces("TIMEOUT"),
        10_000,
        values.milliseconds,
        "Longest time for one post, within the export budget.",
    ),
    Variable(
        "span_pointers",
        ("AFTERCALL_SPAN_POINTERS",),
        False,
        values.switch,
        "`true` adds span pointers to OTLP: links for objects of S3 and items of DynamoDB, as Datadog reads them.",
    ),
    Variable("otlp_compression", _traces("COMPRESSION"), "none", values.compression, "`gzip` or `none`."),
    Variable(
        "otlp_protocol",
        _traces("PROTOCOL"),
        "http/json",
        values.protocol,
        "`http/json`; others are answered by one line, and JSON is used.",
    ),
    Variable(
        "otlp_certificate", _traces("CERTIFICATE"), "", values.text, "File with the CA certificates (PEM) to trust."
    ),
    Variable(
        "otlp_client_certificate",
        _traces("CLIENT_CERTIFICATE"),
        "",
        values.text,
        "File with the client's certificate chain (PEM).",
    ),
    Variable("otlp_client_key", _traces("CLIENT_KEY"), "", values.text, "File with the client's private key (PEM)."),
)
