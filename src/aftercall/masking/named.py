"""Secrets that stand beside their name, in any format.

`"name": "x"`, `name=x`, `<name>x</name>`, `--name x`, `the name is x`; pairs.py has names apart from their values.

Nothing is parsed, and formats are not told apart: a name is a word somewhere, and the text around it shows where its
value is. So a document within a document, a mislabelled one and a piece of one need no special case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftercall.masking.add_value import add_value
from aftercall.masking.foreign_names import foreign_names
from aftercall.masking.names import is_secret_name
from aftercall.masking.pairs import NEXT_ITEM, mask_part, mask_partner
from aftercall.masking.values import mask_value

if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_JSON_STRING = re.compile(rb'''":[ ]?"([^"\\]*)"''')
_BRACKETS = re.compile(rb"(?:%5[dD]|\])?")
_QUOTE = re.compile(rb"""\\*["'`]|&quot;|&\#34;|&\#39;|&apos;|%22|%27""")
_ASSIGN = re.compile(rb"\s*(?:[=-](?:>|&gt;)|:=|!?===?|=|:(?!:))\s*")
_CALLED = re.compile(rb"""\(\s*(?=\\*["'])""")
_IN_LIST = re.compile(rb"""\s+in\s*\((?=\s*[ne]?')[^()]*""", re.IGNORECASE)
_NEXT_LINE = re.compile(rb"""\s+(?:\w{0,20}value|content)\s*:\s*(?=\S)""", re.IGNORECASE)
_NEXT_FIELD = re.compile(rb"""&[\w.%\[\]-]{0,80}value=""", re.IGNORECASE)
_NEXT_KEYWORD = re.compile(rb"""\s+(?=\\*")""")
_COUNTED = re.compile(rb"""\s*;s:(\d{1,9}):(\\*")""")
_FLAG = re.compile(rb"""[ ]+(?=[^\s-])""")
_SAID = re.compile(
    rb"""[ ]{1,4}(?:(?:is|was|provided|given)[ ]{0,4})?:?[ ]{0,4}
    (?:(\\*["'`])([^\s"'`\\,:;{}\[\]<>]{4,4096}|[^\r\n"'`\\<>]{4,200})(?:\1(?!\w)|\Z)
    | ([^\s"'`\\,;:=/<>{}\[\]()]{6,4096}[A-Za-z0-9+/=_.~-]{0,4096}))""",
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
_ELEMENT_OPEN = re.compile(rb"""(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*>""")
_CODED_TAG = re.compile(rb"(&(?:amp;){0,4}lt;)(?:[\w.-]{1,20}:)?\Z")
_NEXT_CODED_ELEMENT = re.compile(
    rb"&(?:amp;){0,4}lt;/[^<>&]{1,80}&(?:amp;){0,4}gt;\s*&(?:amp;){0,4}lt;"
    rb"(?:\w{1,20}:)?(?:value|val|content|string|data)\b[^<>&]{0,200}&(?:amp;){0,4}gt;",
    re.IGNORECASE,
)
_NEXT_CODED_TAG = re.compile(rb"&(?:amp;){0,4}lt;")
_CDATA = re.compile(rb"\s*<!\[CDATA\[")
_NEXT_ELEMENT = re.compile(
    rb"""</[^<>]{1,80}>\s*<(?:\w{1,20}:)?(?:value|val|content|string|data)\b[^<>]{0,200}>""", re.IGNORECASE
)
_SECOND_WORDS = frozenset((b"key", b"Key", b"KEY", b"keys", b"id", b"ID"))
_FIRST_WORDS = (b"api", b"secret", b"access", b"private", b"session", b"encryption", b"signing", b"license", b"master")
_MAX_FIRST = 10
_DIGITS = b"0123456789"
_MAX_PATH = 256
_LOOK_BACK = 8_192
_MAX_CHILDREN = 8


def find_named(findings: Findings, names: dict[bytes, str]) -> None:
    """`names`: words of the text that name secrets -> by which rule."""
    data = findings.data
    rules = {word: f"{rule}:{word.decode('latin-1').lower()}" for word, rule in names.items()}
    done = 0
    for start, end in findings.places(names):
        done = max(done, findings.partners.passed(start))
        if start < done or findings.content_start <= start < findings.content_end:
            continue
        rule = rules[data[start:end]]
        string = _JSON_STRING.match(data, end)
        if string is not None:  # nearly all are so; the general way would find the same
            add_value(findings, *string.span(1), rule)
            done = string.end()
        else:
            done = max(done, _at_name(findings, start, end, rule))


def find_spaced(findings: Findings) -> None:
    """`the API key is x`, `session id: x`: names that prose writes as two words."""
    data = findings.view
    for word in _SECOND_WORDS & findings.words.distinct:
        second = b" " + word
        at = data.find(second)
        while at >= 0:
            end = max(at + len(second), findings.partners.passed(at))
            if data[max(0, at - _MAX_FIRST) : at].lower().endswith(_FIRST_WORDS):
                end = max(end, _at_name(findings, at + 1, end, "name:" + word.decode("latin-1").lower()))
            at = data.find(second, end)


def find_foreign(findings: Findings) -> None:
    """Names in other letters than ASCII's."""
    done = 0
    for start, end, name in foreign_names(findings.data):
        done = max(done, findings.partners.passed(start))
        if start < done or findings.rules.allows(name):
            continue
        said = _SAID_ABROAD.match(findings.view, end)
        if said is not None:
            findings.add(*said.span(1), f"name:{name}")
            done = said.end()
        else:
            done = max(done, _at_name(findings, start, end, f"name:{name}"))


def _at_name(  # noqa: C901, PLR0911 - one for each format
    findings: Findings, start: int, end: int, rule: str
) -> int:
    """Mask the value of the name at `start`. Returns up to where the text is done."""
    data = findings.view
    bracket = _BRACKETS.match(data, end)
    end = bracket.end() if bracket else end
    quote = _QUOTE.match(data, end)
    after = quote.end() if quote else end
    if data[start : start + 1] == b"-" and (flag := (NEXT_ITEM if quote else _FLAG).match(data, after)) is not None:
        return mask_value(findings, flag.end(), rule, b"")
    indexed = (
        quote is not None and data[after : after + 1] == b"]"
    )  # `environ["name"] = x`, but `["name"], "x"` is none
    if (assign := _ASSIGN.match(data, after + indexed)) is not None:
        whole_line = quote is None and _begins_line(findings.data, start) and _takes_line(findings.data, assign)
        return mask_value(findings, assign.end(), rule, quote.group() if quote else b"", whole_line=whole_line)
    if (counted := _COUNTED.match(data, after)) is not None:
        return _mask_counted(findings, counted, rule)
    before = data[start - 1 : start]
    if quote is None and (follows := _stands_apart(data, start, end)) is not None:
        return mask_value(findings, follows, rule, b"", whole_line=data[end : end + 1].isspace())
    if (listed := _IN_LIST.match(data, after)) is not None:
        findings.add(data.find(b"(", after) + 1, listed.end(), rule)
        return listed.end()
    if before in {b"<", b":"} and _is_element(data, start):
        return _mask_element(findings, start, end, rule)
    if before in {b";", b":"} and (coded := _CODED_TAG.search(data, max(0, start - 40), start)) is not None:
        return _mask_coded_element(findings, end, rule, coded.group(1))
    if quote is not None and before in {b'"', b"'"}:
        return mask_partner(findings, start, after, rule)
    if quote is not None and before == b"/":  # `"/app/db/password"`: a parameter's name
        return mask_partner(findings, _begins_path(data, start), after, rule)
    if before == b">" and data[end : end + 2] == b"</":
        return _mask_next_element(findings, end, rule)
    if before == b";" and (coded := _NEXT_CODED_ELEMENT.match(data, end)) is not None:
        return _mask_to_coded_tag(findings, coded.end(), rule)
    if data[start - 5 : start] == b"name=":
        return mask_part(findings, start, end, rule)
    return _mask_said(findings, start, end, rule) if quote is None else end


def _stands_apart(data: bytes, start: int, end: int) -> int | None:
    """Where the value begins of a name without quotes, in a call, a tuple, the field or the line after it."""
    before = data[start - 1 : start]
    found = None
    if data[end : end + 1] == b"(":
        method = data[start:end].rpartition(b".")[2].decode("latin-1")  # `token.refresh("now")` holds no token
        found = _CALLED.match(data, end) if is_secret_name(method) else None
    elif before in {b"{", b"("}:
        found = NEXT_ITEM.match(data, end)
    elif before == b"=":
        found = _NEXT_FIELD.match(data, end)
    elif before == b":":
        found = _NEXT_KEYWORD.match(data, end)
    elif before == b" ":
        found = _NEXT_LINE.match(data, end)
    return found.end() if found else None


def _mask_counted(findings: Findings, counted: re.Match[bytes], rule: str) -> int:
    """`s:8:"password";s:5:"a"b"c";`: PHP does not escape quotes, it gives the length.

    Within JSON it is longer than that.
    """
    start = counted.end()
    closed = findings.data.find(counted.group(2) + b";", start + int(counted.group(1)))
    end = closed if closed >= 0 else len(findings.data)
    findings.add(start, end, rule)
    return end


def _mask_said(findings: Findings, start: int, end: int, rule: str) -> int:
    """`invalid password 'x'`, `the token is x`, and .netrc's `password x`; without a digit it may be prose."""
    said = _SAID.match(findings.view, end)
    if said is None:
        return end
    if said.group(3) is None:
        findings.add(*said.span(2), rule)
    elif (any(map(said.group(3).__contains__, _DIGITS)) and said.group(3).strip(b"0123456789.,-")) or (
        _SAID_BEFORE.search(findings.view, max(0, start - 120), end) is not None
    ):
        findings.add(*said.span(3), rule)
    else:
        return end
    return said.end()


def _begins_path(data: bytes, end: int) -> int:
    """Where the string begins that is a path whose last word begins at `end`."""
    before = data[max(0, end - _MAX_PATH) : end]
    return end - len(before) + max(before.rfind(b'"'), before.rfind(b"'")) + 1


def _begins_line(data: bytes, start: int) -> bool:
    line = data[max(0, start - 40) : start].rstrip(b" \t-")
    return line[-1:] in {b"", b"\n", b"\r"} or line.endswith((b"\\n", b"\\r", b"export"))


def _takes_line(data: bytes, assign: re.Match[bytes]) -> bool:
    """`name: value` in YAML, `NAME=value` in an .env file; not the first field of a form."""
    return b":" in assign.group() or b"&" not in data[assign.end() : assign.end() + 256].split(b"\n")[0]


# Elements of XML and HTML


def _is_element(data: bytes, start: int) -> bool:
    head = data[max(0, start - 40) : start]
    prefix = head.rpartition(b"<")[2]
    return head[-1:] == b"<" or (prefix[-1:] == b":" and prefix[:-1].replace(b"-", b"").isalnum())


def _mask_element(findings: Findings, start: int, end: int, rule: str) -> int:
    data = findings.data
    opened = _ELEMENT_OPEN.match(data, end)
    if opened is None or data[opened.end() - 2 : opened.end() - 1] == b"/":
        return end
    content = opened.end()
    cdata = _CDATA.match(data, content)
    if cdata is not None:
        content = cdata.end()
        closed = data.find(b"]]>", content)
        closed = closed if closed >= 0 else len(data)
    else:
        closed = _closing(findings, content, data[start:end])
    if data[content:closed].strip():
        findings.add(content, closed, rule)
    findings.content_start, findings.content_end = content, closed
    return end


def _mask_coded_element(findings: Findings, end: int, rule: str, less: bytes) -> int:
    """`&lt;name&gt;value&lt;/name&gt;`: XML in the text of XML."""
    data = findings.data
    opened = data.find(less.replace(b"lt", b"gt"), end, end + 200)
    if opened < 0:
        return end
    closed = data.find(less + b"/", opened)
    closed = closed if closed >= 0 else len(data)
    content = opened + len(less)
    findings.add(content, closed, rule)
    findings.content_start, findings.content_end = content, closed
    return end


def _closing(findings: Findings, content: int, name: bytes) -> int:
    """Where the end tag is, behind a few children; without one, where the next tag begins."""
    data = findings.data
    at = first = _next_close(findings, content)
    for _ in range(_MAX_CHILDREN):
        if at < 0:
            break
        if data[at + 2 : at + 42].partition(b">")[0].rpartition(b":")[2].strip() == name:
            return at
        at = data.find(b"</", at + 2, at + _LOOK_BACK)
    if first >= 0:
        return first
    following = data.find(b"<", content)
    return following if following >= 0 else len(data)


def _next_close(findings: Findings, content: int) -> int:
    if 0 <= findings.next_close < content:
        findings.next_close = findings.data.find(b"</", content)
    return findings.next_close


def _mask_next_element(findings: Findings, end: int, rule: str) -> int:
    following = _NEXT_ELEMENT.match(findings.view, end)
    if following is None:
        return end
    closed = findings.data.find(b"</", following.end())
    closed = closed if closed >= 0 else len(findings.data)
    findings.add(following.end(), closed, rule)
    return closed


def _mask_to_coded_tag(findings: Findings, start: int, rule: str) -> int:
    closed = _NEXT_CODED_TAG.search(findings.data, start)
    end = closed.start() if closed else len(findings.data)
    findings.add(start, end, rule)
    return end
