"""Decides by name: what stands behind a secret's name, in any format, is the secret.

`"name": "x"`, `name=x`, `<name>x</name>`, `--name x`, `the name is x`. Each way to write it is a row of
`_WAYS`, tried in order; by_partner.py has names that are values themselves.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking import FAINT, STRONG
from aftercall.masking.add_value import add_value
from aftercall.masking.by_column import mask_column
from aftercall.masking.by_element import mask_element, mask_next_element
from aftercall.masking.by_line import mask_block, mask_braces, mask_cells, mask_sibling
from aftercall.masking.by_partner import mask_partner
from aftercall.masking.by_phrase import find_in_sentence, find_phrase
from aftercall.masking.container import mask_container
from aftercall.masking.foreign_names import foreign_names
from aftercall.masking.named import Named
from aftercall.masking.names import is_secret_name, strength_of
from aftercall.masking.structure import BLANK
from aftercall.masking.value import NEW_LINE, mask_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftercall.masking.spans import Findings

_KEY = re.compile(rb"""(\\{0,7}"):[ ]?(?:\1([^"\\]*)\1|(?=[{\[](?![}\]]\w)))""")
"""How nearly all names stand before their values; the general way would find the same."""

_CLOSING = re.compile(rb"""(?:%5[dD]|\])?(\\*["'`])?(?::(?:protected|private)(?=\]))?""")
"""Also in PHP's `["password":protected]=>`."""

_ASSIGN = re.compile(
    BLANK + rb"(?:[=-]>|:=|!?===?|=|:(?!:)|\.{3,}+(?=\"))" + BLANK + rb"(?:<(?:code|b|i|em|kbd|pre|strong|tt|mark)>)?"
)
"""Before a mark-up of the value as in `Token: <code>x</code>`, and behind dots as HikariCP prints its settings."""

_CALLED = re.compile(rb"""\(\s*(?=\\*["'])""")
_FIRST_OF_PAIR = re.compile(rb"""(\\*["'])\w[\w@.-]{0,80}\1,\s*(?=\\*["'])""")
"""`PlainCredentials("jo", "x")`: the user's name stands first."""

_NEXT_ITEM = re.compile(
    BLANK + rb"""[,]""" + BLANK + rb"""(?=[bruN]?\\*["'\[])(?![bruN]?\\*["'][^"'\\]{0,128}\\*["']\s*:)"""
)
"""The next item of a list; before a colon it is a key."""

_IN_LIST = re.compile(rb"""\s+in\s*\((?=\s*[ne]?')[^()]*""", re.IGNORECASE)
_NEXT_FLAG = re.compile(rb"""[ ]--?[\w-]{0,20}value[ =]""", re.IGNORECASE)
_BEFORE_FLAG = frozenset((b" ", b"/"))
"""Before a name that the next option is the value of: `--name /prod/db/password --value x`."""

_NEXT_FIELD = re.compile(rb"""&[\w.%\[\]-]{0,80}value=""", re.IGNORECASE)
_NEXT_BARE = re.compile(rb",?[ ]\w{0,20}value[:=]", re.IGNORECASE)
"""`{Name:apiKey Value:x}`, `Param[name=apiKey, value=x]`"""

_SEQUENCE = re.compile(rb"""(?:[ ]\\*"[^"\\]{1,200}\\*"){1,3}(?=\s|\Z)""")
_IN_QUOTES = re.compile(rb"""[ ]\\*"([^"\\]{1,200})\\*["]""")
_NEXT_KEYWORD = re.compile(rb"""\s+(?=\\*")""")
_COUNTED = re.compile(rb"""\s*;s:(\d{1,9}):(\\*")""")
_FLAG = re.compile(rb"""[ ]+(?=[^\s-])(?![a-z]{2,12}(?:[ ][A-Za-z]{2,12}){2})""")
"""Words behind one tell of it: `Using --password via the CLI is insecure`."""

_NEXT_DASH = re.compile(NEW_LINE + rb"""[ \t]*-[ ]+(?=[^\s-])""")
"""The next item of a list in YAML."""

_CHANGED = re.compile(rb"""\\*["'][ ]{1,4}->[ ]{1,4}(?=\\*["'])""")
"""Terraform: `password = "x" -> "y"`."""

_FIELDS = re.compile(rb"""[\w.-]{1,40}=[^\s"'=]{1,80}[ ]{1,4}[\w.-]{1,40}=""")
"""`auth: method=oauth2 provider=google`: fields, each with a name of its own."""
_SAID = re.compile(
    rb"""[ ]{1,4}(?:(?:is|was|provided|given|code|malformed|invalid|rejected|received|supplied)[ ]{0,4}){0,2}:?[ ]{0,4}
    (?:(\\*["'`])([^\s"'`\\,:;{}\[\]<>]{4,4096}|[^\r\n"'`\\<>]{4,200})(?:\1(?!\w)|\Z)
    | <(?!masked>)\w{1,10}>([^<>\r\n]{4,200})</
    | ((?!-)[^\s"'`\\,;:=/<>{}\[\]()]{6,4096}[A-Za-z0-9+/=_.~-]{0,4096}))""",
    re.VERBOSE,
)
_SAID_ABROAD = re.compile(
    "[ ]?(?:是|为|為|は|는|은)?[ ]?(?:\uff1a)?[ ]?"
    "((?![=:&<])(?=[!-~]{0,200}[0-9])[!#-&(-+\\--:=?-Z^-z|~]{6,4096})".encode()
)
"""`密码是x`, `パスワードはx`, with a wide colon; without a digit it may be the next word."""

_SAID_BEFORE = re.compile(
    rb"""(?:\b(?:ENV|ARG|configure\s+set|(?:login|user(?:name)?)\s+\S{1,80})\s+[\w-]{1,40}
    | (?:\A|\n[ \t]*)(?:requirepass|masterauth|bindpw))\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""Text before a name, and the name: what follows is its value, whatever it looks like."""

_ECHO = re.compile(
    rb"""(?:input_value=|rejected[ ]value[ ]|with[ ]value[ ]|,[ ]value:[ ]|value[ ]is[ ]|header[ ]value:?[ ]
    |\[parameters:[ ])
    (?=[\[("'\\b])
    |\((?=\\*['`])|Actual[ ]value[ ]was[ ]""",
    re.VERBOSE,
)
_ECHO_NEAR = 320
"""Validators and databases name the field, and quote what stood in it a little later."""

_REFUSED = re.compile(rb"""(["'])([^"'\\\r\n]{1,512})\1[ ](?:is|does|should|must|was|has)[ ]""")
"""jsonschema: `'x' is too short ... schema['properties']['password']`"""

_NEXT_ASSIGNED = re.compile(rb"\s(?:[\w.]{1,40}=|--?\w)")
"""`pass=41 fail=0`; `PGPASSWORD=x psql -h db`"""

_NEXT_FIELD_OF_FORM = re.compile(rb"&[\w.%\[\];-]{1,80}=")

_IN_PATH = re.compile(rb"(?:arn:aws|resolve:|urn:)[\w:/.-]*\Z")
_MAPPING = re.compile(rb"(?:-[ ]+)?[\w.-]{1,80}:(?:[ \r\n]|\Z)")
_MAX_PATH = 200
_DIGITS = b"0123456789"
_CODES = frozenset(("pin", "passcode", "code"))


class _Place:
    """A secret's name in the text: where it stands, and what closed its quotes."""

    __slots__ = ("after", "end", "findings", "named", "row", "start")

    def __init__(self, findings: Findings, start: int, end: int, row: int, named: Named) -> None:
        closing = _CLOSING.match(findings.data, end)
        self.findings = findings
        self.start, self.end, self.row = start, end, row
        self.after = closing.end() if closing else end
        named.closing = (closing.group(1) or b"") if closing else b""
        self.named = named

    @property
    def before(self) -> bytes:
        return self.findings.data[self.start - 1 : self.start]


def find_at_name(  # noqa: PLR0917 - where it stands, and what it is
    findings: Findings, start: int, end: int, row: int, name: str, rule: str
) -> None:
    """Mask the value of the name that stands from `start` to `end`, in the span `row`."""
    key = _KEY.match(findings.data, end)
    if key is not None:
        named = Named(name, rule, key.group(1))
        if key.group(2) is None:
            mask_container(findings, key.end(), named)
        else:
            add_value(findings, *key.span(2), named, quoted=True)
        return
    place = _Place(findings, start, end, row, Named(name, rule))
    _find_echo(place)
    for way in _WAYS:
        if way(place):
            return


def find_foreign(findings: Findings) -> None:
    """Names in other letters than ASCII's."""
    for start, end, name in foreign_names(findings.data):
        if findings.rules.allows(name):
            continue
        said = _SAID_ABROAD.match(findings.data, end)
        if said is not None:
            findings.add(*said.span(1), f"name:{name}")
        else:
            find_at_name(findings, start, end, findings.structure.around(start), name, f"name:{name}")


# The ways: each returns whether it is this one


def _flag(place: _Place) -> bool:
    """`--name x`, `["--name", "x"]`."""
    data = place.findings.data
    if data[place.start : place.start + 1] != b"-":
        return False
    flag = (_NEXT_ITEM if place.named.closing else _FLAG).match(data, place.after) or _NEXT_DASH.match(
        data, place.after
    )
    if flag is not None:
        mask_value(place.findings, flag.end(), place.named)
    return flag is not None


def _assigned(place: _Place) -> bool:
    data, after = place.findings.data, place.after
    # `environ["name"] = x`, but `["name"], "x"` is none
    after += bool(place.named.closing) and data[after : after + 1] == b"]"
    if data.startswith((b" id=", b" id:"), after) and place.named.name.lower().endswith("session"):
        after += len(b" id")
    assign = _ASSIGN.match(data, after)
    if assign is None or data.startswith(b"</", assign.end()):  # `<dt>Password:</dt><dd>x</dd>`
        return False
    if not place.named.closing and _is_no_assignment(data, place.start, assign):
        if b"\n" in assign.group():
            mask_block(place.findings, assign.end(), place.named)
        return True
    whole_line = not place.named.closing and _begins_line(data, place.start) and _takes_line(place.findings, assign)
    if whole_line and b":" in assign.group() and _FIELDS.match(data, assign.end()) is not None:
        return True
    end = mask_value(place.findings, assign.end(), place.named, whole_line=whole_line)
    changed = _CHANGED.match(data, end)
    if changed is not None:
        mask_value(place.findings, changed.end(), place.named)
    return True


def _counted(place: _Place) -> bool:
    """`s:8:"password";s:5:"a"b"c";`: PHP does not escape quotes, it gives the length; in JSON it is longer."""
    findings = place.findings
    counted = _COUNTED.match(findings.data, place.after)
    if counted is None:
        return False
    start = counted.end()
    closed = findings.data.find(counted.group(2) + b";", start + int(counted.group(1)))
    findings.add(start, closed if closed >= 0 else len(findings.data), place.named.rule)
    return True


def _apart(place: _Place) -> bool:
    """Without quotes, in a call, a tuple, the field or the line after it."""
    data, before = place.findings.data, place.before
    found = None
    if place.named.closing:
        return False
    if data[place.end : place.end + 1] == b"(":
        method = data[place.start : place.end].rpartition(b".")[2].decode("latin-1")
        found = _CALLED.match(data, place.end) if is_secret_name(method) else None  # not `token.refresh("now")`
        found = (found and _FIRST_OF_PAIR.match(data, found.end())) or found
    elif before in {b"{", b"("}:
        found = _NEXT_ITEM.match(data, place.end)
    elif before == b"=":
        found = _NEXT_FIELD.match(data, place.end) or _NEXT_BARE.match(data, place.end)
    elif before == b":":
        found = _NEXT_KEYWORD.match(data, place.end) or _NEXT_BARE.match(data, place.end)
    elif before in _BEFORE_FLAG:
        found = _NEXT_FLAG.match(data, place.end)
    if found is not None:
        mask_value(place.findings, found.end(), place.named)
    return found is not None


def _lines(place: _Place) -> bool:
    """A line, a block of lines or a table goes on with the value."""
    findings, named = place.findings, place.named
    if named.closing and mask_braces(findings, place.after, named):
        return True
    return mask_sibling(findings, place.start, place.end, named) or mask_cells(findings, place.start, place.end, named)


def _listed(place: _Place) -> bool:
    """`name IN ('x', 'y')`."""
    listed = _IN_LIST.match(place.findings.data, place.after)
    if listed is None:
        return False
    place.findings.add(place.findings.data.find(b"(", place.after) + 1, listed.end(), place.named.rule)
    return True


def _column(place: _Place) -> bool:
    return mask_column(place.findings, place.start, place.row, place.named)


def _element(place: _Place) -> bool:
    return mask_element(place.findings, place.start, place.end, place.named)


def _next_element(place: _Place) -> bool:
    return mask_next_element(place.findings, place.end, place.named)


def _partner(place: _Place) -> bool:
    """The name is a value itself: its partner is the secret."""
    return mask_partner(place.findings, place.start, place.end, place.row, place.named)


def _find_echo(place: _Place) -> None:
    """`field 'password': rejected value [x]`, `input_value='x'`, `Duplicate entry 'x' for key 'api_token'`."""
    findings, data = place.findings, place.findings.data
    if (
        data.find(b"value", place.after, place.after + _ECHO_NEAR) >= 0
        or data.find(b" must ", place.after, place.after + 8) >= 0
        or data.startswith(b" (`", place.after)
    ):
        echo = _ECHO.search(data, place.after, place.after + _ECHO_NEAR)
        if echo is not None:
            mask_value(findings, echo.end(), place.named)
    if data[place.start - 2 : place.start] == b"['" and (refused := _REFUSED.match(data)) is not None:
        findings.add(*refused.span(2), place.named.rule)


def _said(place: _Place) -> bool:
    """`invalid password 'x'`, `the token is x`, and .netrc's `password x`; without a digit it may be prose."""
    findings = place.findings
    name = place.named.name
    if strength_of(name) > FAINT and place.named.closing:
        find_in_sentence(findings, place.start, place.end, place.named.rule)
    if place.named.closing:
        return False
    is_sure = strength_of(name) == STRONG or name.lower() in {"pin", "passcode"}
    if find_phrase(findings, place.start, place.end, is_code=name.lower() in _CODES, is_sure=is_sure):
        return True
    if strength_of(name) > FAINT:
        find_in_sentence(findings, place.start, place.end, place.named.rule)
    is_plural = findings.data[place.end - 1 : place.end].lower() == b"s" and not place.named.name.lower().endswith(
        "pass"
    )
    said = _SAID.match(findings.data, place.end) if not is_plural else None
    if said is None:
        return False
    if said.group(4) is None:
        add_value(findings, *said.span(2 if said.group(3) is None else 3), place.named, quoted=True)
        return True
    word = said.group(4)
    if (any(map(word.__contains__, _DIGITS)) and word.strip(b"0123456789.,-")) or (
        _SAID_BEFORE.search(findings.data, max(0, place.start - 120), place.end) is not None
    ):
        findings.add(*said.span(4), place.named.rule)
        return True
    return False


def _called_with(place: _Place) -> bool:
    """Redis: `"AUTH" "default" "x"`."""
    findings = place.findings
    found = _SEQUENCE.match(findings.data, place.after) if place.named.closing else None
    if found is None:
        return False
    for text in _IN_QUOTES.finditer(findings.data, *found.span()):
        add_value(findings, *text.span(1), place.named, quoted=True)
        if place.named.name.lower() != "auth":  # of other names one value alone: `"HSET" "k" "token" "x" "city" "y"`
            break
    return True


_WAYS: tuple[Callable[[_Place], bool], ...] = (
    _flag, _assigned, _counted, _apart, _listed, _column, _element, _partner, _lines, _called_with, _next_element,
    _said,
)  # fmt: skip


def _is_no_assignment(data: bytes, start: int, assign: re.Match[bytes]) -> bool:
    """`arn:aws:...:secret:db`, `//user:...@host`, `$password: String!`; YAML's mappings: each key is a name itself."""
    if assign.group() == b":":
        before = data[max(0, start - _MAX_PATH) : start]
        if before.endswith(b":") and _IN_PATH.search(before) is not None:
            return True
        if before.endswith(b"//"):
            return True
    if b":" in assign.group() and data[start - 1 : start] == b"$":
        return True
    return b"\n" in assign.group() and _MAPPING.match(data, assign.end()) is not None


def _begins_line(data: bytes, start: int) -> bool:
    line = data[max(0, start - 40) : start].rstrip(b" \t-")
    return line[-1:] in {b"", b"\n", b"\r"} or line.endswith((b"\\n", b"\\r", b"export"))


def _takes_line(findings: Findings, assign: re.Match[bytes]) -> bool:
    """`name: value` in YAML, `NAME=value` in an .env file; not the first field of a form."""
    if b":" in assign.group():
        return True
    line = findings.data[assign.end() : assign.end() + 256].partition(b"\n")[0]
    return _NEXT_FIELD_OF_FORM.search(line) is None and _NEXT_ASSIGNED.search(line) is None
