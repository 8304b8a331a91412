"""What `aftercall run` prints: for people, or one JSON object a line for programs."""

import json
from typing import Any, Protocol

import click

from aftercall.command.terminal import printable
from aftercall.sandbox import LogLine, Outcome

_COLOURS = {"success": "green", "error": "red", "timeout": "yellow", "crash": "red"}


class Report(Protocol):
    """Called as things happen; `number` counts invocations from 1."""

    def notice(self, text: str) -> None: ...

    def line(self, line: LogLine) -> None: ...

    def outcome(self, number: int, outcome: Outcome) -> None: ...


class TextReport:
    """Answers on stdout, remarks about the sandbox itself on stderr."""

    def notice(self, text: str) -> None:
        click.secho(f"sandbox: {printable(text)}", err=True, dim=True)

    def line(self, line: LogLine) -> None:
        source = line.source if line.source == "function" else f"{line.source} {line.name}"
        click.echo(
            click.style(f"{source} | ", fg="cyan" if line.source == "function" else "magenta") + printable(line.text)
        )

    def outcome(self, number: int, outcome: Outcome) -> None:
        click.echo(f"invocation {number}: {outcome.request_id}")
        if outcome.response is not None:
            click.echo(f"response: {printable(outcome.response.decode('utf-8', 'replace'))}")
        if outcome.error is not None:
            click.echo(f"error: {printable(outcome.error.decode('utf-8', 'replace'))}")
        kind = "" if outcome.error_type is None else f" ({printable(outcome.error_type)})"
        init = "" if outcome.init_duration is None else f", init {outcome.init_duration:.1f} ms"
        answered = (outcome.responded_at - outcome.started_at) * 1000
        click.secho(f"{outcome.status}{kind}", fg=_COLOURS[outcome.status], nl=False)
        click.echo(
            f": answered after {answered:.1f} ms, duration {outcome.duration:.1f} ms{init}, "
            f"billed {outcome.billed_duration} ms, memory {outcome.max_memory_mb} MB\n"
        )


class JsonReport:
    """Objects with `type` log or invocation; times in seconds since the epoch, durations in milliseconds."""

    def notice(self, text: str) -> None:
        click.echo(f"sandbox: {printable(text)}", err=True)

    def line(self, line: LogLine) -> None:
        self._write({"type": "log", "time": line.time, "source": line.source, "name": line.name, "text": line.text})

    def outcome(self, number: int, outcome: Outcome) -> None:
        self._write(
            {
                "type": "invocation",
                "number": number,
                "request_id": outcome.request_id,
                "status": outcome.status,
                "error_type": outcome.error_type,
                "response": _readable(outcome.response),
                "error": _readable(outcome.error),
                "started_at": outcome.started_at,
                "response_ms": round((outcome.responded_at - outcome.started_at) * 1000, 3),
                "duration_ms": round(outcome.duration, 3),
                "init_ms": None if outcome.init_duration is None else round(outcome.init_duration, 3),
                "billed_ms": outcome.billed_duration,
                "max_memory_mb": outcome.max_memory_mb,
                "telemetry": outcome.telemetry,
            }
        )

    def _write(self, record: dict[str, Any]) -> None:
        click.echo(json.dumps(record).replace("\x7f", "\\u007f"))


def _readable(payload: bytes | None) -> Any:
    """Parsed where it is JSON, else as text."""
    if payload is None:
        return None
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")
