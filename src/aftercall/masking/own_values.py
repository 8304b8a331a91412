"""The function's own secrets: values of its variables, as any format may write them.

A variable is secret by its name or by its value. If the value is JSON, the strings within it are secrets too.
Percent signs, entities and base64 are undone before a text is searched (layers.py): they need no form of their own.
"""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING

from aftercall.formats.json_text import dumps, loads
from aftercall.masking import FAINT, NONE
from aftercall.masking.names import strength_of
from aftercall.masking.tokens import is_opaque, public_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

MAX_SECRETS = 128
"""So many values are searched in every text."""

MIN_SECRET = 6
MIN_WORD = 12
"""A value of letters alone is a word, unless it is as long as this."""

_WEAK = "token"
_CREDENTIALS = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
"""Every function has them: no judgement needs to be loaded."""

_MAX_JSON = 16_384
_LAMBDAS = ("AWS_LAMBDA_", "AWS_XRAY_", "AFTERCALL_", "_X_AMZN", "_AWS_XRAY", "_MEI", "_PYI")
_LAMBDAS_OWN = frozenset(
    ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER",
     "PATH", "PWD", "OLDPWD", "HOME", "LANG", "LC_ALL", "TZ", "SHLVL", "LD_LIBRARY_PATH", "LD_PRELOAD", "PYTHONPATH",
     "PYTHONHOME", "NODE_PATH", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "CLASSPATH",
     "HOSTNAME", "_")
)  # fmt: skip
"""Whole names: `LANG` is none, but `LANGCHAIN_API_KEY` may be."""


def secrets_of(environment: Mapping[str, str]) -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    """Names of secret variables, with the forms that the value may have in a text; the longest first."""
    found: dict[str, str] = {}
    for name, value in environment.items():
        if name in _LAMBDAS_OWN or name.startswith(_LAMBDAS):
            continue
        found.update(dict.fromkeys(_secrets_in(name, value), name))
    # One may contain another.
    longest = sorted(found.items(), key=lambda item: -len(item[0]))
    return tuple((name, _forms(value)) for value, name in longest[:MAX_SECRETS])


def _secrets_in(name: str, value: str) -> Iterator[str]:
    if len(value) >= MIN_SECRET and _is_secret(name, value):
        yield value
        if value[:1] in {"{", "["} and len(value) <= _MAX_JSON:
            yield from _strings_in(value)


def _is_secret(name: str, value: str) -> bool:
    if name in _CREDENTIALS:
        return True
    strength = strength_of(name)
    if strength != NONE:
        from aftercall.masking.under_name import is_harmless  # noqa: PLC0415 - many functions have no secrets

        named = name if strength != FAINT else _WEAK  # `STRIPE_KEY` of a function is surer than a `key` of a document
        return not is_harmless(named, value, quoted=True) and (not value.isalpha() or len(value) >= MIN_WORD)
    word = value.encode("utf-8", "replace")
    return public_length(word) is not None or is_opaque(word)


def _strings_in(text: str) -> Iterator[str]:
    """Strings within JSON, but for plain words under plain names: users and regions stand beside the secret."""
    from aftercall.masking.plain_value import is_plain_words  # noqa: PLC0415 - few values are JSON
    from aftercall.masking.under_name import is_harmless  # noqa: PLC0415

    try:
        waiting: list[tuple[str, Any]] = [("", loads(text))]
    except (ValueError, RecursionError):
        return
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(name, item) for item in value]
        elif isinstance(value, str) and len(value) >= MIN_SECRET:
            is_named = strength_of(name) != NONE and not is_harmless(name, value, quoted=True)
            if is_named or not is_plain_words(value):
                yield value


def _forms(value: str) -> tuple[bytes, ...]:
    """As it is; in JSON, and in JSON in JSON; as Python prints it; in single quotes of SQL, shells and JavaScript."""
    escaped = dumps(value)[1:-1]
    plainly = "".join(map(_escaped, value))
    written = [
        value, escaped, plainly, dumps(escaped)[1:-1], "".join(map(_escaped, plainly)), dumps(plainly)[1:-1],
        repr(value)[1:-1], repr(value.encode("utf-8", "replace"))[2:-1], value.replace("'", "''"),
        value.replace("'", "'\\''"), plainly.replace("'", "\\'"),
    ]  # fmt: skip
    if not value.isascii():  # such base64 does not look like a text from its beginning on
        raw = value.encode("utf-8", "replace")
        written += [b2a_base64(raw[: len(raw) - len(raw) % 3], newline=False).decode("ascii")]
    return tuple(dict.fromkeys(form.encode("utf-8", "replace") for form in written))


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(letter: str) -> str:
    """As JSON writes it that keeps other alphabets."""
    return _ESCAPES.get(letter, letter)
