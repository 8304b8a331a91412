"""What attaching or detaching would change: pure functions from configurations to plain data.

For each function exactly one of: a Change, a Refusal (with its reason and remedy), or Unchanged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aftercall.command.lambda_service import runtimes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.command.lambda_service.function import Function
    from aftercall.command.lambda_service.layer_version import Layers

EXEC_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
NEXT_WRAPPER = "AFTERCALL_NEXT_WRAPPER"
MOST_LAYERS = 5
MOST_UNPACKED = 250 * 1024 * 1024
MOST_VARIABLES = 4096
"""Bytes, as the service counts them: of the variables as one JSON object (its refusal quotes the measured string)."""


@dataclass(frozen=True)
class Change:
    """`variables` are only those that change; None takes one away."""

    function: Function
    layers: tuple[str, ...]
    variables: Mapping[str, str | None]
    summary: str
    remarks: tuple[str, ...] = ()

    def all_variables(self) -> dict[str, str]:
        return {
            name: value for name, value in {**self.function.variables, **self.variables}.items() if value is not None
        }


@dataclass(frozen=True)
class Refusal:
    function: Function
    reason: str
    """With its remedy, after a colon."""


@dataclass(frozen=True)
class Unchanged:
    function: Function
    reason: str


Decision = Change | Refusal | Unchanged


def attach(
    function: Function,
    layers: Layers,
    *,
    chain: bool = False,
    settings: Mapping[str, str] | None = None,
    unpacked: int | None = None,
) -> Decision:
    """`settings` are variables to set as well; `unpacked` are bytes of code and layers with ours, if known."""
    against = _against(function, layers, settings)
    if against:
        return Refusal(function, against)
    how = runtimes.watched(function.runtime)
    version = layers.by_architecture[function.architecture]
    stack = _replace(function.layers, layers, version.arn)
    wrapper = _wrapper(function, how, chain=chain)
    if isinstance(wrapper, Refusal):
        return wrapper
    wanted = {**(settings or {}), **wrapper}
    change = Change(
        function,
        stack,
        {name: value for name, value in wanted.items() if function.variables.get(name) != value},
        _attaching(function, layers, version.number),
        tuple(_remarks(function, how)),
    )
    if change.layers == function.layers and not change.variables:
        return Unchanged(function, f"has version {version.number}")
    return _over_limits(change, unpacked) or change


def _against(function: Function, layers: Layers, settings: Mapping[str, str] | None) -> str:
    """Why nothing can be attached to this function, with the remedy; empty where it can."""
    if function.image:
        return _IMAGE
    how = runtimes.watched(function.runtime)
    if how.refusal:
        return how.refusal
    architecture = function.architecture
    if architecture not in layers.by_architecture:
        there = ", ".join(sorted(layers.by_architecture)) or "nothing"
        return f"it runs on {architecture}, the layer is for {there}: publish the {architecture} zip too"
    if function.variables_error and (how.family or settings):
        return _UNREADABLE.format(function.variables_error)
    return ""


def detach(function: Function, layers: Layers) -> Decision:
    """Ours goes, whatever its version; a wrapper that was chained comes back; other settings stay."""
    stack = tuple(arn for arn in function.layers if not layers.ours(arn))
    wrapper = function.variables.get(EXEC_WRAPPER, "")
    if stack == function.layers and not wrapper.startswith(runtimes.OUR_FOLDER):
        return Unchanged(function, "has no aftercall")
    if function.variables_error and runtimes.watched(function.runtime).family:
        return Refusal(function, _UNREADABLE.format(function.variables_error))
    variables: dict[str, str | None] = {}
    if wrapper.startswith(runtimes.OUR_FOLDER):
        variables[EXEC_WRAPPER] = function.variables.get(NEXT_WRAPPER)
    if NEXT_WRAPPER in function.variables:
        variables[NEXT_WRAPPER] = None
    stay = sorted(name for name in function.variables if name.startswith("AFTERCALL_") and name not in variables)
    remarks = (f"{', '.join(stay)} stays, without effect",) if stay else ()
    return Change(function, stack, variables, _detaching(function, layers, variables), remarks)


def _wrapper(function: Function, how: runtimes.Watched, *, chain: bool) -> dict[str, str] | Refusal:
    """The variables that put our wrapper script before the runtime."""
    if how.family is None:
        return {}
    there = function.variables.get(EXEC_WRAPPER, "")
    if there.startswith(runtimes.OUR_FOLDER):
        return {}
    if not there:
        return {EXEC_WRAPPER: runtimes.WRAPPER}
    if not chain:
        return Refusal(function, f"{EXEC_WRAPPER} is {there} already: --chain runs that one after ours")
    following = function.variables.get(NEXT_WRAPPER, there)
    if following != there:
        return Refusal(
            function,
            f"{EXEC_WRAPPER} is {there}, and {NEXT_WRAPPER} is {following}: only one can come after ours, remove one",
        )
    return {EXEC_WRAPPER: runtimes.WRAPPER, NEXT_WRAPPER: there}


def _replace(stack: tuple[str, ...], layers: Layers, arn: str) -> tuple[str, ...]:
    """Ours where an older one lay, else on top; everything else as it was."""
    ours = [index for index, there in enumerate(stack) if layers.ours(there)]
    if not ours:
        return (*stack, arn)
    return tuple(
        arn if index == ours[0] else there for index, there in enumerate(stack) if index == ours[0] or index not in ours
    )


def _over_limits(change: Change, unpacked: int | None) -> Refusal | None:
    function = change.function
    if len(change.layers) > MOST_LAYERS:
        return Refusal(
            function, f"it has {MOST_LAYERS} layers, as many as Lambda allows: merge two of them, or remove one"
        )
    measured = variables_size(change.all_variables())
    if change.variables and measured > MOST_VARIABLES:
        return Refusal(
            function,
            f"its variables would take {measured:,} bytes, Lambda allows {MOST_VARIABLES:,}: "
            f"shorten them by {measured - MOST_VARIABLES:,}, or move some to SSM Parameter Store",
        )
    if unpacked is not None and unpacked > MOST_UNPACKED:
        return Refusal(
            function,
            f"code and layers would take {unpacked / 2**20:.1f} MB unpacked, Lambda allows {MOST_UNPACKED // 2**20}: "
            "make the package smaller, or move the function to a container image",
        )
    return None


def variables_size(variables: Mapping[str, str]) -> int:
    return len(json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False).encode())


def _attaching(function: Function, layers: Layers, number: int) -> str:
    old = [arn.rpartition(":")[2] for arn in function.layers if layers.ours(arn)]
    if old == [str(number)]:
        return "complete the settings"
    return f"version {', '.join(old)} -> {number}" if old else f"add version {number}"


def _detaching(function: Function, layers: Layers, variables: Mapping[str, str | None]) -> str:
    old = [arn.rpartition(":")[2] for arn in function.layers if layers.ours(arn)]
    chained = variables.get(EXEC_WRAPPER)
    layer = f"remove version {', '.join(old)}" if old else "remove the wrapper, which has no layer"
    return f"{layer}, {chained} is the wrapper again" if chained else layer


def _remarks(function: Function, how: runtimes.Watched) -> list[str]:
    remarks = [how.reason] if how.reason else []
    if function.snap_start:
        remarks.append("SnapStart: takes effect with the next published version")
    if function.managed_instances:
        remarks.append("Managed Instances: takes effect with the next published version")
    return remarks


_IMAGE = (
    "it is a container image, which takes no layers: add `COPY --from=aftercall /opt /opt` to its Dockerfile "
    f"and set {EXEC_WRAPPER}={runtimes.WRAPPER} (see examples/container-image)"
)
_UNREADABLE = "its variables cannot be read ({}), so they would be lost: allow kms:Decrypt on its key"
