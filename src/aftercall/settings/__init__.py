"""The settings: environment variables and the masking rules. `read` is the way in.

A value that cannot be used never stops the extension: one line names it and says what is used instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.masking.shown_value import shown_value
from aftercall.settings.clashes import choose_client_certificate, choose_exporters
from aftercall.settings.table import VARIABLES, Settings, Variable
from aftercall.settings.values import UnusableValueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["VARIABLES", "Settings", "read"]


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
        # OpenTelemetry's rule, applied to all variables: an empty value counts as unset.
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
