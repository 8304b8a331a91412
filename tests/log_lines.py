"""What the log exporter wrote, told apart: a line for each invocation, and one for what Lambda billed for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def records_in(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Of invocations: these have a status."""
    return [record for record in _parsed(lines) if "status" in record]


def reports_in(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Of what was billed for invocations whose line had gone out."""
    return [record for record in _parsed(lines) if "status" not in record]


def _parsed(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines if line.startswith("{")]
