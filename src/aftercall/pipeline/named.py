"""Secrets by the name they go by, in whatever format.

`"name": "x"`, `name=x`, `<name>x</name>`, and names apart from their values as in `{"Key": "name", "Value": "x"}`,
`<add key="name" value="x"/>` and multipart forms.

The formats are not told apart, and nothing is parsed: a name stands as a word somewhere, and what is around it says
where its value is. So a document in a document, one of a wrong type, and a piece of one are no special cases.
"""

from __future__ import annotations

import re

from aftercall.pipeline.values import end_of_string, mask_value

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from aftercall.pipeline.spans import Findings

_BRACKETS = re.compile(rb"(?:%5[dD]|\])?")
_QUOTE = re.compile(rb"""\\*["'`]|&quot;|&\#34;|&\#39;|&apos;|%22|%27""")
_ASSIGN = re.compile(rb"\s*(?:=>|:=|===?|=|:(?!:))\s*")
_FLAG = re.compile(rb"""[ ]+(?=[^\s-])""")
_ELEMENT_OPEN = re.compile(rb"""(?:[^<>"']|"[^"<>]*"|'[^'<>]*')*>""")
_CODED_TAG = re.compile(rb"(&(?:amp;){0,4}lt;)(?:[\w.-]{1,20}:)?\Z")
_NEXT_CODED_ELEMENT = re.compile(
    rb"&(?:amp;){0,4}lt;/[^<>&]{1,80}&(?:amp;){0,4}gt;\s*&(?:amp;){0,4}lt;"
    rb"(?:\w{1,20}:)?(?:value|val|content|string|data)\b[^<>&]{0,200}&(?:amp;){0,4}gt;",
    re.IGNORECASE,
)
_NEXT_CODED_TAG = re.compile(rb"&(?:amp;){0,4}lt;")
_CDATA = re.compile(rb"\s*<!\[CDATA\[")
_NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"
_PART_HEAD = re.compile(
    rb"""(?:\\*")?(?:[^\r\n\\]|\\+"){0,200}(?:%(nl)s(?:[^\r\n\\]|\\+"){1,200}){0,4}%(nl)s%(nl)s""" % {b"nl": _NEW_LINE}
)
_PART_END = re.compile(rb"\r?\n--|(?<!\\)(?:\\+r)?\\+n--")
_VALUE_KEY = rb"(?:value|Value|VALUE|v|val|content|stringValue|StringValue|string_value|data|secret|text)"
_NEXT_VALUE = re.compile(rb"""[^{}<>]{0,400}?[\s,{](\\*["'])%s(\\*["'])\s*:\s*""" % _VALUE_KEY)
_NEXT_ITEM = re.compile(rb"""\s*,\s*(?=\\*["'\[])""")
_NEXT_ATTRIBUTE = re.compile(rb"""[^<>]{0,400}?\s(?:value|content|val)\s*=\s*(?=\\*["'])""", re.IGNORECASE)
_NEXT_ELEMENT = re.compile(
    rb"""</[^<>]{1,80}>\s*<(?:\w{1,20}:)?(?:value|val|content|string|data)\b[^<>]{0,200}>""", re.IGNORECASE
)
_LAST_KEYS = (b"value", b"Value", b"VALUE", b"content", b"tringValue", b"data", b"secret", b"text", b"v", b"val")
_KEY_END = re.compile(rb"""\\*["']\s*:\s*(?=\\*["'])""")
_ATTRIBUTES = (b"value", b"VALUE")
_ATTRIBUTE_END = re.compile(rb"""\s*=\s*(?=\\*["'])""")
_LOOK_BACK = 8_192
_MAX_CHILDREN = 8
_MAX_TRIES = 8
_PAIR_NAME = re.compile(
    rb"""(?:name|key|id|header|k|n|field|parameter|label|attribute|variable|property|type)\Z""", re.IGNORECASE
)


def find_named(findings: Findings, names: dict[bytes, str]) -> None:
    """`names`: words of the text that are names of secrets, and by which rule."""
    done = 0
    for start, end in findings.words.places(names):
        if start >= done:
            word = findings.data[start:end]
            done = max(done, _at_name(findings, start, end, f"{names[word]}:{word.decode('latin-1').lower()}"))


def _at_name(  # noqa: PLR0911 - one for each format
    findings: Findings, start: int, end: int, rule: str
) -> int:
    """Mask the value that belongs to the name at `start`; gives up to where all is done."""
    data = findings.view
    bracket = _BRACKETS.match(data, end)
    end = bracket.end() if bracket else end
    quote = _QUOTE.match(data, end)
    after = quote.end() if quote else end
    if (assign := _ASSIGN.match(data, after)) is not None:
        whole_line = quote is None and _begins_line(findings.data, start) and _takes_line(findings.data, assign)
        return mask_value(findings, assign.end(), rule, quote.group() if quote else b"", whole_line=whole_line)
    before = data[start - 1 : start]
    if before in {b"<", b":"} and _is_element(data, start):
        return _mask_element(findings, start, end, rule)
    if before in {b";", b":"} and (coded := _CODED_TAG.search(data, max(0, start - 40), start)) is not None:
        return _mask_coded_element(findings, end, rule, coded.group(1))
    if quote is not None and before in {b'"', b"'"}:
        return _mask_partner(findings, start, after, rule)
    if before == b">" and data[end : end + 2] == b"</":
        return _mask_next_element(findings, end, rule)
    if before == b";" and (coded := _NEXT_CODED_ELEMENT.match(data, end)) is not None:
        return _mask_to_coded_tag(findings, coded.end(), rule)
    if data[start - 5 : start] == b"name=":
        return _mask_part(findings, end, rule)
    if data[start - 2 : start] == b"--" and (flag := _FLAG.match(data, end)) is not None:
        return mask_value(findings, flag.end(), rule, b"")
    return end


def _begins_line(data: bytes, start: int) -> bool:
    line = data[max(0, start - 40) : start].rstrip(b" \t-")
    return line[-1:] in {b"", b"\n", b"\r"} or line.endswith((b"\\n", b"\\r", b"export"))


def _takes_line(data: bytes, assign: re.Match[bytes]) -> bool:
    """`name: value` of YAML, `NAME=value` of an .env file; not a form's first field."""
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
    return closed


def _mask_coded_element(findings: Findings, end: int, rule: str, less: bytes) -> int:
    """`&lt;name&gt;value&lt;/name&gt;`: XML in the text of XML."""
    data = findings.data
    opened = data.find(less.replace(b"lt", b"gt"), end, end + 200)
    if opened < 0:
        return end
    closed = data.find(less + b"/", opened)
    closed = closed if closed >= 0 else len(data)
    findings.add(opened + len(less), closed, rule)
    return closed


def _closing(findings: Findings, content: int, name: bytes) -> int:
    """Where the end tag is, a few children being passed over; without one, where the next tag begins."""
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


# Names apart from their values


def _mask_partner(findings: Findings, start: int, after: int, rule: str) -> int:
    """The name is itself a value, quoted: what stands in the same object, list, tag or part is the secret's."""
    data = findings.view
    head = data[max(0, start - 48) : start].rstrip(b"\"'\\ \r\n\t")
    if head.endswith(b"["):
        item = _NEXT_ITEM.match(data, after)
        return mask_value(findings, item.end(), rule, b"") if item else after
    if head.endswith(b"="):
        near = findings.data[after : after + 240]
        part = _PART_HEAD.match(findings.data, after) if b"\n" in near or b"\\n" in near else None
        if part is not None:
            return _mask_part_content(findings, part.end(), rule)
        return _mask_attribute(findings, start, after, rule)
    if not head.endswith(b":") or not _PAIR_NAME.search(head[:-1].rstrip(b" \\\"'")[-12:]):
        return after
    following = _NEXT_VALUE.match(data, after)
    if following is not None:
        return mask_value(findings, following.end(), rule, following.group(2))
    _mask_before(findings, start, rule, is_attribute=False)
    return after


def _mask_attribute(findings: Findings, start: int, after: int, rule: str) -> int:
    near = findings.view[after : after + 440].lower()
    following = _NEXT_ATTRIBUTE.match(findings.view, after) if b"val" in near or b"content" in near else None
    if following is not None:
        return mask_value(findings, following.end(), rule, b"")
    _mask_before(findings, start, rule, is_attribute=True)
    return after


def _mask_before(findings: Findings, start: int, rule: str, *, is_attribute: bool) -> None:
    """`{"value": "x", "name": "password"}`: the last value before the name, unless another object began since."""
    data = findings.data
    value = _last_value(data, start, _ATTRIBUTES, _ATTRIBUTE_END) if is_attribute else _last_value(data, start)
    if value is not None and (b"<" if is_attribute else b"{") not in data[value[1] : start]:
        findings.add(*value, rule)


def _last_value(
    data: bytes, end: int, keys: tuple[bytes, ...] = _LAST_KEYS, after: re.Pattern[bytes] = _KEY_END
) -> tuple[int, int] | None:
    """Where the string stands that belongs to the last of these keys before `end`. Backwards, by C's search."""
    floor = max(0, end - _LOOK_BACK)
    last = max((match for key in keys if (match := _last_key(data, floor, end, key, after))), default=None, key=_end)
    string = _STRING.match(data, last.end()) if last else None
    return (string.end(), end_of_string(data, string)) if string else None


def _last_key(data: bytes, floor: int, end: int, key: bytes, after: re.Pattern[bytes]) -> re.Match[bytes] | None:
    at = data.rfind(key, floor, end)
    for _ in range(_MAX_TRIES):
        if at < 0:
            return None
        found = after.match(data, at + len(key))
        if found is not None:
            return found
        at = data.rfind(key, floor, at)
    return None


def _end(match: re.Match[bytes]) -> int:
    return match.end()


_STRING = re.compile(rb"""(\\*)(["'`])(&quot;)?""")


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


def _mask_part(findings: Findings, end: int, rule: str) -> int:
    part = _PART_HEAD.match(findings.data, end)
    return _mask_part_content(findings, part.end(), rule) if part else end


def _mask_part_content(findings: Findings, start: int, rule: str) -> int:
    closed = _PART_END.search(findings.data, start)
    end = closed.start() if closed else len(findings.data)
    findings.add(start, end, rule)
    return end


def find_cut_pair(findings: Findings) -> None:
    """`{"value": "x", "na`: cut before its name was told, so it counts as a secret's."""
    data = findings.data
    value = _last_value(data, len(data))
    if value is not None and b"}" not in data[value[1] :]:
        findings.add(*value, "cut")
