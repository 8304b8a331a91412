"""The records of platform.* events, as the Telemetry API's schema 2025-01-29 gives them. Durations in milliseconds."""

import re
from typing import Any

from aftercall.sandbox.config import SandboxConfig
from aftercall.sandbox.extensions import Extension
from aftercall.sandbox.invocation import TELEMETRY_STATUS, Invocation, Outcome, Status
from aftercall.sandbox.telemetry import timestamp

_KNOWN_ERROR_TYPE = re.compile(r"(Runtime|Function|Extension|Sandbox)\.[A-Z][a-zA-Z]+")


def init_start(config: SandboxConfig, phase: str) -> dict[str, Any]:
    return {
        "initializationType": config.initialization_type,
        "phase": phase,
        "functionName": config.function_name,
        "functionVersion": config.function_version,
        "runtimeVersion": config.runtime_name,
        "instanceMaxMemory": config.memory_mb * 1024 * 1024,
    }


def init_runtime_done(config: SandboxConfig, phase: str, status: str, error_type: str | None = None) -> dict[str, Any]:
    record = {"initializationType": config.initialization_type, "phase": phase, "status": status}
    return record | _error(error_type)


def init_report(
    config: SandboxConfig, phase: str, status: str, duration: float, error_type: str | None = None
) -> dict[str, Any]:
    return init_runtime_done(config, phase, status, error_type) | {"metrics": {"durationMs": round(duration, 3)}}


def extension(extension: Extension) -> dict[str, Any]:
    record = {"name": extension.name, "state": extension.state, "events": list(extension.events)}
    return record | _error(extension.error_type)


def start(config: SandboxConfig, invocation: Invocation) -> dict[str, Any]:
    record: dict[str, Any] = {"requestId": invocation.request_id, "version": config.function_version}
    return record | tracing(invocation)


def tracing(invocation: Invocation) -> dict[str, Any]:
    if not invocation.trace_id:
        return {}
    return {"tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id}}


def runtime_done(invocation: Invocation, status: str, moment: float, error_type: str | None) -> dict[str, Any]:
    """`producedBytes` and the spans of the response are there when it was posted."""
    record: dict[str, Any] = {"requestId": invocation.request_id, "status": status}
    metrics: dict[str, Any] = {"durationMs": _milliseconds(moment - invocation.started_at)}
    if invocation.response is not None:
        metrics["producedBytes"] = len(invocation.response)
    record["metrics"] = metrics
    if invocation.first_byte_at is not None and invocation.responded_at is not None:
        record["spans"] = [
            _span("responseLatency", invocation.started_at, invocation.first_byte_at),
            _span("responseDuration", invocation.first_byte_at, invocation.responded_at),
            _span("runtimeOverhead", invocation.responded_at, moment),
        ]
    return record | tracing(invocation) | _error(error_type)


def report(config: SandboxConfig, invocation: Invocation, outcome: Outcome) -> dict[str, Any]:
    metrics: dict[str, Any] = {
        "durationMs": round(outcome.duration, 2),
        "billedDurationMs": outcome.billed_duration,
        "memorySizeMB": config.memory_mb,
        "maxMemoryUsedMB": outcome.max_memory_mb,
    }
    if outcome.init_duration is not None:
        metrics["initDurationMs"] = round(outcome.init_duration, 2)
    status = telemetry_status(outcome.status)
    record: dict[str, Any] = {"requestId": outcome.request_id, "status": status, "metrics": metrics}
    if invocation.runtime_done_at is not None:
        record["spans"] = [_span("extensionOverhead", invocation.runtime_done_at, outcome.finished_at)]
    error_type = outcome.error_type if outcome.status != "success" else None
    return record | tracing(invocation) | _error(error_type)


def telemetry_status(status: Status) -> str:
    return TELEMETRY_STATUS[status]


def _span(name: str, start: float, end: float) -> dict[str, Any]:
    return {"name": name, "start": timestamp(start), "durationMs": _milliseconds(end - start)}


def _milliseconds(seconds: float) -> float:
    return round(max(seconds, 0.0) * 1000, 3)


def _error(error_type: str | None) -> dict[str, Any]:
    """A type of the function's own is not told, as rapid's fatalerror package does it."""
    if error_type is None:
        return {}
    return {"errorType": error_type if _KNOWN_ERROR_TYPE.fullmatch(error_type) else "Function.Unknown"}
