"""Which of Lambda's runtimes is watched how.

The identifiers are those of AWS's page "Lambda runtimes". A runtime that is newer than this table is taken for one of
its family: the wrapper script runs what it does not know as if there were no layer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WRAPPER = "/opt/aftercall/wrapper"
OUR_FOLDER = "/opt/aftercall/"
"""Each runtime's own wrapper script lies below it and may be named as well."""

IN_SERVICE = {
    "python": ("python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"),
    "nodejs": ("nodejs24.x", "nodejs22.x", "nodejs20.x", "nodejs18.x"),
    "java": ("java25", "java21", "java17", "java11", "java8.al2"),
}
"""Family, which is also the folder of its wrapper in the layer -> its runtimes, newest first."""

_OLDEST = {"python": (3, 9), "nodejs": (18,), "java": (8,)}
_TOO_OLD = re.compile(r"go1\.x|provided|java8|dotnetcore.*|dotnet5.*|ruby2\..*|nodejs|nodejs.*-edge")
"""Withdrawn by AWS, most of them with their base Amazon Linux 1, whose glibc the extension does not start on."""


@dataclass(frozen=True)
class Watched:
    """How the layer sees a function of this runtime.

    `family` is None where there is no wrapper: then the Telemetry API alone tells of invocations; `reason` says why.
    `refusal` is not empty where the layer must not be attached.
    """

    family: str | None = None
    reason: str = ""
    refusal: str = ""


def watched(runtime: str) -> Watched:
    if _TOO_OLD.fullmatch(runtime):
        return _refused(runtime)
    found = re.fullmatch(r"(python|nodejs|java)(\d+)(?:\.(\d+))?.*", runtime)
    if found is not None:
        family = found[1]
        version = tuple(int(part) for part in found.groups()[1:] if part is not None)
        return Watched(family) if version >= _OLDEST[family] else _refused(runtime)
    if runtime.startswith("provided"):
        return Watched(reason=f"{runtime} ignores AWS_LAMBDA_EXEC_WRAPPER: invocations, durations and cost only")
    return Watched(reason=f"no wrapper for {runtime}: invocations, durations and cost only")


def _refused(runtime: str) -> Watched:
    family = next((family for family in IN_SERVICE if runtime.startswith(family)), None)
    newer = IN_SERVICE[family][0] if family else "a runtime in service, such as provided.al2023"
    return Watched(refusal=f"its runtime {runtime} is out of service: move it to {newer}")


def compatible(families: list[str]) -> list[str]:
    """What to list as CompatibleRuntimes of a layer with wrappers for these families; AWS takes 15 at most.

    The list is a filter of the console and of ListLayers: Lambda attaches a layer to other runtimes just as well.
    """
    return [runtime for family in families for runtime in IN_SERVICE.get(family, ())][:15]
