r"""Where the rules come from: variables, a file in the function's package or a layer, and the function's own secrets.

    {"level": "strict", "keys": ["customer_no", "*_ref"], "values": ["\\bACME-\\d{6}\\b"],
     "paths": ["event.detail.customer.iban", "response.items[*].sku"], "allow": ["session_count"],
     "exclude_hosts": ["vault.example.com"]}

Whatever cannot be read is told in one line and read strictly: what a broken rule was meant to mask, nobody knows, so
the place it could stand in is withheld.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.masking.own_values import secrets_of
from aftercall.masking.rules import LEVELS, STANDARD, STRICT, Rules, is_like
from aftercall.masking.shown_value import shown_text, shown_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

FILE_NAME = "aftercall-masking.json"
MAX_FILE_BYTES = 262_144
_EVERYWHERE = frozenset(("*",))
_KEYS = ("level", "keys", "values", "paths", "allow", "exclude_hosts")
_HOST_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-:[]")
_KEY_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-:@$*")


class Given:
    """The rules as text, from variables or from a file."""

    __slots__ = ("allow", "exclude_hosts", "keys", "level", "level_source", "paths", "values")

    def __init__(self, level_source: str = "AFTERCALL_MASKING") -> None:
        self.level = ""
        self.level_source = level_source
        """Its name in complaints."""
        self.keys: list[str] = []
        self.values: list[str] = []
        self.paths: list[str] = []
        self.allow: list[str] = []
        self.exclude_hosts: list[str] = []


def make_rules(given: list[Given], environment: Mapping[str, str], complaints: list[str]) -> Rules:
    """`given`: the first wins. Each rule that cannot be read adds one line to `complaints`."""
    rules = Rules()
    rules.level = next((_level(one, complaints) for one in given if one.level), STANDARD)
    withheld: set[str] = set()
    keys = [key for one in given for key in one.keys]
    rules.keys = tuple(key.lower() for key in keys if _is_key(key, withheld, complaints))
    rules.patterns = tuple(_made(_pattern, [text for one in given for text in one.values], withheld, complaints))
    rules.paths = tuple(_made(_path, [text for one in given for text in one.paths], withheld, complaints))
    rules.allowed = _allowed([name for one in given for name in one.allow], rules, complaints)
    hosts = [host.strip().lower() for one in given for host in one.exclude_hosts]
    rules.excluded_hosts = tuple(host for host in hosts if _is_host(host, withheld, complaints))
    rules.environment = secrets_of(environment)
    rules.withheld = frozenset(withheld)
    return rules


def from_file(path: str, complaints: list[str]) -> tuple[Given, bool]:
    """The rules that the file holds, and whether all of it could be read."""
    try:
        return _given(_loaded(path), f"level in masking rules {shown_text(path)}"), True
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        complaints.append(f"masking rules {shown_text(path)}: {reason}; all bodies, headers and messages are withheld")
        return Given(), False


def withhold_all(rules: Rules) -> None:
    rules.level = STRICT
    rules.withheld = _EVERYWHERE


def _loaded(path: str) -> Any:
    with open(path, "rb") as file:
        text = file.read(MAX_FILE_BYTES + 1)
    if len(text) > MAX_FILE_BYTES:
        raise ValueError(f"larger than {MAX_FILE_BYTES} bytes")
    return loads(text.decode("utf-8-sig"))


def _given(document: Any, level_source: str) -> Given:
    if not isinstance(document, dict):
        raise ValueError('a JSON object is needed, such as {"keys": ["customer_no"]}')  # noqa: TRY004 - one kind for all
    given = Given(level_source)
    for key, value in document.items():
        if key not in _KEYS:
            raise ValueError(f"{shown_value(key, 40)} is unknown: {', '.join(_KEYS)} are known")
        if key == "level" and isinstance(value, str):
            given.level = value
        elif key != "level" and isinstance(value, list) and all(isinstance(item, str) for item in value):
            setattr(given, key, value)
        else:
            raise ValueError(f"{key!r}: {'a word' if key == 'level' else 'a list of texts'} is needed")
    return given


def _level(given: Given, complaints: list[str]) -> str:
    level = given.level.strip().lower()
    if level in LEVELS:
        return level
    complaints.append(
        f"{given.level_source} ({shown_value(given.level, 40)}): {', '.join(LEVELS)} are known; {STRICT} is used"
    )
    return STRICT


def _is_key(key: str, withheld: set[str], complaints: list[str]) -> bool:
    if key.strip("*") and _KEY_CHARS.issuperset(key):
        return True
    complaints.append(
        f"masking key {shown_value(key, 40)}: a name is needed, * for any letters; "
        "all bodies, headers and messages are withheld"
    )
    withheld.update(_EVERYWHERE)
    return False


def _is_host(host: str, withheld: set[str], complaints: list[str]) -> bool:
    if _HOST_CHARS.issuperset(host.lstrip("*")) and host.strip("*."):
        return True
    complaints.append(
        f"masking host {shown_value(host, 60)}: a host's name is needed, as in vault.example.com or *.example.com; "
        "bodies, events and responses are withheld"
    )
    withheld.update(("event", "request", "response"))
    return False


def _made(make: Callable[[str], Any], texts: list[str], withheld: set[str], complaints: list[str]) -> list[Any]:
    made = []
    for text in texts:
        try:
            made.append(make(text))
        except ValueError as error:
            place = text.removeprefix("$.").partition(".")[0]
            hidden = place if make is _path and place in {"event", "response", "request"} else "*"
            withheld.add(hidden)
            told = "all bodies, headers and messages are" if hidden == "*" else f"each {hidden} is"
            complaints.append(f"masking rule {shown_value(text, 60)}: {error}; {told} withheld")
    return made


def _pattern(text: str) -> Any:
    from aftercall.masking.patterns import Pattern  # noqa: PLC0415 - few have such rules

    return Pattern(text)


def _path(text: str) -> Any:
    from aftercall.masking.paths import Path  # noqa: PLC0415 - few have such rules

    return Path(text)


def _allowed(names: list[str], rules: Rules, complaints: list[str]) -> frozenset[str]:
    allowed = set()
    for name in names:
        key = next((key for key in rules.keys if is_like(name.lower(), key)), None)
        if key is not None:
            complaints.append(f"masking allows {shown_value(name, 40)} and masks {shown_value(key, 40)}: it is masked")
        elif "*" in name:
            complaints.append(
                f"masking allows {shown_value(name, 40)}: whole names are needed, without *; it allows nothing"
            )
        else:
            allowed.add(name.lower())
    return frozenset(allowed)
