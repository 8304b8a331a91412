"""The ways in which one function is run: by itself, under our wrapper, and with each peer's code.

What a peer's layer sets by default is set here. Where a layer has glue of its own that no registry has, ours does the
same in a few lines of functions/.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests import built_layer
from tests.tools.bench.function import ARN
from tests.tools.compare import sinks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.tools.compare.sinks import Sink

FUNCTIONS = Path(__file__).resolve().parent / "functions"
NONE, OURS = "none", "aftercall"
LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": ARN.rpartition(":")[2],
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
}
"""What Lambda sets for each function."""

OPENTELEMETRY = {
    "OTEL_SERVICE_NAME": LAMBDA["AWS_LAMBDA_FUNCTION_NAME"],
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_TRACES_EXPORTER": "otlp",
    # Traces alone, as of all others: for metrics and logs it would do more.
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}
"""The rest stays as it is by default, as in their layers: each call sampled, handed on, exported in batches, which are
flushed when the invocation ends. Their collector listens at 4318."""

DATADOG = {"DD_SERVICE": LAMBDA["AWS_LAMBDA_FUNCTION_NAME"], "DD_ENV": "bench"}
"""Their libraries for Lambda set by themselves what their layers want (no telemetry, no remote configuration)."""

LUMIGO = {
    "LUMIGO_TRACER_TOKEN": "t_0123456789abcdef01234",
    "LUMIGO_TRACER_HOST": "localhost",
    # Seconds. After half a second, which a busy machine takes now and then, their tracer would send nothing for ten.
    "LUMIGO_EDGE_TIMEOUT": "10",
}


@dataclass(frozen=True)
class Way:
    """One column. `wrapper` is the script that starts `command`, if any; the sink is None where nothing is exported."""

    name: str
    version: str
    command: Sequence[str]
    folder: Path = FUNCTIONS
    environment: Mapping[str, str] = field(default_factory=dict)
    wrapper: Path | None = None
    sink: Sink | None = None

    @property
    def is_ours(self) -> bool:
        return self.name == OURS

    @property
    def is_watched(self) -> bool:
        return self.name != NONE


def own(plain: Way, runtime: str) -> list[Way]:
    """The function by itself, as it is given, and the same under our wrapper."""
    return [plain, replace(plain, name=OURS, wrapper=built_layer.wrapper(runtime) / "wrapper")]


@functools.cache
def opentelemetry() -> Sink:
    return sinks.OtlpSink()


@functools.cache
def datadog() -> Sink:
    return sinks.DatadogSink()


@functools.cache
def xray() -> Sink:
    return sinks.XraySink()


@functools.cache
def lumigo() -> tuple[Sink, str]:
    """The sink, and the file of the authority that stands for its name: clients must be told to trust it."""
    folder = Path(tempfile.mkdtemp(prefix="aftercall-compare-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    context, authority = sinks.certified(folder)
    return sinks.LumigoSink(context), str(authority)
