"""The Java function of the demo, compiled, and the command line of AWS's runtime client for it."""

from __future__ import annotations

from pathlib import Path

from build_spec import maven
from tests.java_wrapper import parts

SOURCES = Path(__file__).parent / "java"
HANDLER = "Shop::handle"


def why_not() -> str | None:
    """One line where there is no JDK or no Maven: the layer then has no Java wrapper either."""
    return None if maven.is_there() else f"demo: no Java function is shown: {maven.INSTALL}"


def task_root() -> Path:
    return parts.compiled((SOURCES,), "none")


def command() -> list[str]:
    """On the newest Java of Lambda."""
    return parts.runtime_command(parts.OLDEST_AND_NEWEST[1], HANDLER)
