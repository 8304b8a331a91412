"""The masking rules of this function, from its settings, its rules file and its environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aftercall.masking.rules import Rules
from aftercall.masking.rules_source import FILE_NAME, Given, from_file, make_rules, withhold_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aftercall.settings.table import Settings


def masking_rules(settings: Settings, environment: Mapping[str, str], complaints: list[str]) -> Rules:
    """The variables win over the file. Each rule that cannot be read adds one line to `complaints`."""
    try:
        return _masking_rules(settings, environment, complaints)
    except Exception as error:  # without the rules nothing may be shown that they could mask
        complaints.append(f"masking rules: {type(error).__name__}; all bodies, headers and messages are withheld")
        rules = Rules()
        withhold_all(rules)
        return rules


def _masking_rules(settings: Settings, environment: Mapping[str, str], complaints: list[str]) -> Rules:
    given = Given()
    given.level = settings.masking
    given.keys = list(settings.masking_keys)
    given.values = list(settings.masking_values)
    given.paths = list(settings.masking_paths)
    given.allow = list(settings.masking_allow)
    given.exclude_hosts = settings.exclude_hosts.replace(",", " ").split()
    path = settings.masking_file or _file_beside(environment)
    filed, is_read = from_file(path, complaints) if path else (Given(), True)
    rules = make_rules([given, filed], environment, complaints)
    if not is_read:
        withhold_all(rules)
    return rules


def _file_beside(environment: Mapping[str, str]) -> str:
    """The path of the file in the function's package, else in a layer; empty if there is none."""
    for folder in (environment.get("LAMBDA_TASK_ROOT") or "/var/task", "/opt"):
        path = f"{folder}/{FILE_NAME}"
        if os.path.lexists(path):
            return path
    return ""
