"""What the Telemetry API's `platform.*` records say about an invocation or an init phase.

AWS's page "Lambda Telemetry API Event schema reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_fields import get_number, get_size, get_text

if TYPE_CHECKING:
    from typing import Any

    from aftercall.pipeline.model import Init, Invocation, Platform

INIT_RECORDS = frozenset(
    {
        "platform.initStart",
        "platform.initRuntimeDone",
        "platform.restoreStart",
        "platform.restoreRuntimeDone",
    }
)
"""The `Report` records are left out: their durations include the start of extensions."""

_STATUS = {"success": "ok", "error": "error", "failure": "crash", "timeout": "timeout"}


def update_invocation(invocation: Invocation, kind: str, record: dict[str, Any], time: int | None) -> None:
    if kind == "platform.start":
        invocation.platform.start = time
    elif kind == "platform.report":
        set_billed(invocation.platform, record)
        invocation.status = invocation.status or _STATUS.get(get_text(record, "status"), "")
    elif kind == "platform.runtimeDone":
        _set_done(invocation, record, time)


def update_init(init: Init, kind: str, record: dict[str, Any], time: int | None) -> None:
    """The runtime's init, or its restore from a snapshot, which begins the environment anew."""
    if kind.endswith("Start"):
        init.start, init.end, init.platform = time, None, time is not None
        init.restored = kind == "platform.restoreStart"
        init.repeats = get_text(record, "phase") == "invoke"
    else:
        init.end = time
        init.is_over = True
        init.error_type = get_text(record, "errorType")


def set_billed(platform: Platform, record: dict[str, Any]) -> None:
    """What a `platform.report` says."""
    metrics = record.get("metrics")
    if not isinstance(metrics, dict):
        return
    platform.reported = True
    platform.billed_ms = get_number(metrics, "billedDurationMs")
    platform.memory_mb = _megabytes(metrics, "memorySizeMB")
    platform.max_memory_mb = _megabytes(metrics, "maxMemoryUsedMB")
    platform.init_ms = get_number(metrics, "initDurationMs")
    if platform.duration_ms is None:
        platform.duration_ms = get_number(metrics, "durationMs")


def _set_done(invocation: Invocation, record: dict[str, Any], time: int | None) -> None:
    platform = invocation.platform
    platform.done = time
    platform.status = _STATUS.get(get_text(record, "status"), "unknown")
    platform.error_type = get_text(record, "errorType")
    metrics = record.get("metrics")
    if isinstance(metrics, dict):
        platform.duration_ms = get_number(metrics, "durationMs")
    # A runtime may answer and then die before it asks for the next event.
    died_after = invocation.status == "ok" and platform.status in {"timeout", "crash"}
    if not invocation.ended or died_after:
        invocation.status = platform.status


def _megabytes(metrics: dict[str, Any], key: str) -> int | None:
    """The number of bytes must fit what receivers hold."""
    value = get_size(metrics, key)
    return value if value is not None and value < 2**40 else None
