"""Of each name with a secret's words whose value leaves, `aftercall check` says why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aftercall.command.check.shown_names import shown_names
from aftercall.masking.rules import Rules
from aftercall.masking.under_name import is_harmless, why_harmless
from tests.masking.name_tables import HARMLESS

if TYPE_CHECKING:
    from pathlib import Path

BY_VALUE: dict[str, tuple[str, Any]] = {
    "it says that there is no value, or that it is hidden": ("password", None),
    "a placeholder": ("secret", "${DB_PASSWORD}"),
    "a word of schemas, options and states": ("credentials", "include"),
    "it refers to something by its name": ("secret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"),
    "a time": ("token", "2025-05-01T10:15:00Z"),
    "a secret's name, where its value would stand": ("token", "api_key"),
    "the name is doubtful, and the value is not drawn at random": ("routing_key", "orders.created"),
    "the message of a validator": ("password", "must have at least 8 characters"),
    "a path or an address": ("password", "/run/secrets/db"),
    "a duration": ("session", "30s"),
    "a plain word, a small number, a version or an id, which the name may stand for as well": ("token", "Hello"),
}
BY_NAME = {
    "a name that ends with 'type' tells about a secret": ("tokenType", "Bearer"),
    "a name that begins with 'has' tells about a secret": ("hasPassword", True),
    "a place in a list or in a language, by the word before 'token'": ("nextToken", "AAB3"),
    "a number of tokens, by the word before 'tokens'": ("prompt_tokens", 17),
    "the name of a file": ("password.go", 42),
}


@pytest.mark.parametrize("reason", [*BY_VALUE, *BY_NAME])
def test_the_reason_is_told(reason: str) -> None:
    name, value = {**BY_VALUE, **BY_NAME}[reason]
    assert shown_names({name: value}, Rules()) == {name: reason}


BY_DECIDER = {**BY_VALUE, "a key of an object or a tag, not drawn at random": ("key", "uploads/17.jpg")}
"""`key` alone is not told: nearly each document has it."""


@pytest.mark.parametrize("reason", BY_DECIDER)
def test_it_is_the_reason_of_the_decider_itself(reason: str) -> None:
    name, value = BY_DECIDER[reason]
    text = value if isinstance(value, str) else json.dumps(value)
    assert is_harmless(name, text, quoted=isinstance(value, str))
    assert why_harmless(name, text, quoted=isinstance(value, str)) == reason


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"a": [{"errors": {"password": ["is too short"]}}]}, {"password"}),
        ({"body": '{"auth": {"token": "active"}}'}, {"token"}),
        ({"headers": [["X-Csrf-Token", "none"], ["Accept", "text/html"]]}, {"X-Csrf-Token"}),
        ({"headers": {"cookie": "theme=dark; sid=<masked>"}}, {"cookie theme"}),
        ({"headers": [["Set-Cookie", "lang=de; Path=/"]]}, {"cookie lang"}),
        ({"url": "https://h.example/?key=images/cat.png&page=2"}, {"key"}),
        ({"message": "the worker said token: optional, page=2"}, {"token"}),
        ({"password": "<masked>", "token": "<withheld>", "page": 2, "keyboard": "de", "passenger": "Jo"}, set()),
        ({"password": "", "note": "the token of the day", "list": ["password"], "n": [1, 2]}, set()),
        ([], set()),
        (None, set()),
    ],
)
def test_where_names_are_looked_for(document: Any, names: set[str]) -> None:
    assert set(shown_names(document, Rules())) == names


def test_a_name_that_the_users_rules_allow() -> None:
    rules = Rules()
    rules.allowed = frozenset(("session_count", "token"))
    assert shown_names({"token": "x1Y2z3A4b5C6"}, rules) == {"token": "your rules allow this name"}


def test_ordinary_names_are_not_told() -> None:
    ordinary = "keyboard monkey passenger author id compass turkey partition_key country_code page user"
    assert shown_names(dict.fromkeys(ordinary.split(), "x"), Rules()) == {}


def test_names_that_tell_about_secrets_have_a_reason_of_their_own() -> None:
    told = shown_names(dict.fromkeys(" ".join(HARMLESS.values()).split(), "x"), Rules())
    assert len(told) > 50
    assert sum(reason == "its words together name no secret" for reason in told.values()) < len(told) / 10


def test_the_command_tells_people_and_programs(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"password": "hunter2-Zx81", "tokenType": "Bearer", "page": 2}')
    command = [sys.executable, "-m", "aftercall.command", "check", str(tmp_path / "event.json")]
    environment = dict(os.environ)
    for_people = subprocess.run(command, capture_output=True, timeout=120, check=True, env=environment).stdout.decode()
    assert "tokenType is shown: a name that ends with 'type' tells about a secret\n" in for_people
    assert "password is shown" not in for_people
    as_json = subprocess.run([*command, "--json"], capture_output=True, timeout=120, check=True, env=environment).stdout
    assert json.loads(as_json)["shown"] == {"tokenType": "a name that ends with 'type' tells about a secret"}
