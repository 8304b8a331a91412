"""Where the value ends that stands behind a secret's name: quoted at any depth of escaping, bracketed, or bare.

A string of JSON inside a string of JSON has its quotes escaped: at depth d by 2**d - 1 backslashes. So a value that
opens with k backslashes and a quote is closed by a quote with k backslashes, or k more than a multiple of 2k + 2
(backslashes of its own before it). A quote with fewer belongs to the text around: there the value was cut short.
That rule needs no decoding, so a text cut at any byte is walked as a whole one is.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing takes milliseconds
if TYPE_CHECKING:
    from aftercall.masking.spans import Findings

_OPENING = re.compile(
    rb"""(?:[bruN@]{1,2}|Some\(|string\(\d{1,9}\)[ ])?(?:(\\*)(["'`])|(&quot;|&\#34;|&\#39;|&apos;|&\#x22;|&\#x27;))"""
)
_BEFORE_FIRST = frozenset((b"/", b"&", b"!"))
_BACKSLASH, _ARRAY = b"\\["
_BARE = re.compile(
    rb"""(?:(?:bearer|basic|token|apikey|digest|ssws)[ ]+)?
    (?:[^\s"'`&;,<>(){}\[\]\\] | &(?:amp|lt|gt|quot|apos|\#\w{1,6}); | \\(?![nrt"'\\]))+""",
    re.VERBOSE | re.IGNORECASE,
)
_TO_END_OF_LINE = re.compile(rb"""(?:[^\r\n"\\]|\\(?![nr"\\]))+""")
_NEW_LINE = rb"(?:\r?\n|(?:\\+r)?\\+n)"
_BLOCK = re.compile(
    rb"(?:[|>]|&gt;)[+-]?\d?[+-]?[ ]*%(nl)s(([ \t]+)(?:[^\r\n\\]|\\(?!n|r))*(?:%(nl)s\2(?:[^\r\n\\]|\\(?!n|r))*)*)"
    % {b"nl": _NEW_LINE}
)
"""YAML's `|` and `>`: all lines that stand as deep as the first."""

_BEFORE_VALUE = re.compile(
    rb"(?:/\*[^*]{0,200}\*/\s*|//[^\r\n\\]{0,200}%(nl)s\s*|&[\w-]{1,40}[ ]+|!{1,2}[\w:/.-]{0,80}[ ]+){1,4}"
    % {b"nl": _NEW_LINE}
)
"""Comments of JSON with such; anchors and tags of YAML."""

_BARE_LIST = re.compile(
    rb"""\[([^\s"'\[\]{}\\,][^"'\[\]{}\\]*)(?:\]|\Z)|\{([^\s"'\[\]{}\\][^"'\[\]{}\\\r\n]*)(?:\}|\Z)"""
)
"""Go's `[x]`, ODBC's `{x}`, YAML's `[x, y]`: no quotes in it."""

_BARE_NUMBERS = b"0123456789.,+-eE \t\r\n"
_ITEMS = re.compile(rb"(-[ ]+[^\r\n\\]*(?:%(nl)s[ \t]*-[ ]+(?:[^\r\n\\]|\\(?!n|r))*)*)" % {b"nl": _NEW_LINE})
"""YAML's list: each line begins with a dash."""

_HARMLESS_VALUES = frozenset(
    (b"null", b"true", b"false", b"none", b"nil", b"undefined", b"nan", b"[redacted]", b"redacted", b"", b"yes", b"no")
)
_STRUCTURE = re.compile(rb"""(?<!\\)(\\*)["']|[{}\[\]]|(?<![\w.+-])-?\d[\d.eE+-]*""")
_KEY_FOLLOWS = re.compile(rb"\s*:")
_COOKIE = re.compile(rb"""(?<![^\s=;,"'\\<>])([^\s=;,"'\\<>]+)=([^;"'\\<>]+)""")
_COOKIE_ATTRIBUTES = frozenset((b"path", b"domain", b"expires", b"max-age", b"samesite"))
# Beside a secret in an object: `{"AccessKeyId": ..., "Expiration": ...}`.
_HARMLESS_KEYS = frozenset(
    (b"expiration", b"expires", b"expiresin", b"expires_in", b"expiresat", b"expires_at", b"type", b"version", b"ttl",
     b"algorithm", b"alg", b"created", b"createdat", b"created_at", b"datatype", b"region", b"provider", b"method")
)  # fmt: skip


def mask_value(findings: Findings, at: int, rule: str, quote: bytes, *, whole_line: bool = False) -> int:
    """Mask what begins at `at`; gives where it ends. `quote` is what closed the name, empty where nothing did."""
    data = findings.data
    if data[at : at + 1] in _BEFORE_FIRST and (skipped := _BEFORE_VALUE.match(data, at)) is not None:
        at = skipped.end()
    opening = _OPENING.match(data, at)
    if opening is not None:
        return _mask_string(findings, opening, rule)
    if data[at : at + 1] in {b"{", b"["}:
        bare_list = None if quote else _BARE_LIST.match(data, at)
        span = bare_list.span(bare_list.lastindex or 0) if bare_list else (at, at)
        if not data[slice(*span)].strip(_BARE_NUMBERS):
            return _mask_container(findings, at, rule, len(quote) - 1 if quote[-1:] == b'"' else 0)
        findings.add(*span, rule)
        return span[1]
    lines = _BLOCK.match(data, at) if data[at : at + 1] in {b"|", b">", b"&"} else None
    lines = lines or (_ITEMS.match(data, at) if data[at : at + 2] == b"- " else None)
    if lines is not None:
        findings.add(*lines.span(1), rule)
        return lines.end()
    bare = _BARE.match(data, at)
    if bare is None:
        return at
    if (whole_line or rule.endswith("authorization")) and data[bare.end() : bare.end() + 1] not in {b"&", b"}", b"]"}:
        bare = _TO_END_OF_LINE.match(data, at) or bare
    if bare.group().lower() not in _HARMLESS_VALUES:
        # A number in JSON: what stands instead must be JSON as well.
        around = quote if quote[-1:] == b'"' else b""
        add_value(findings, at, bare.end(), rule, around)
    return bare.end()


def _mask_string(findings: Findings, opening: re.Match[bytes], rule: str) -> int:
    data = findings.data
    start = opening.end()
    end = end_of_string(data, opening)
    if start == end and data.startswith(opening.group() * 2, start):  # three quotes, as in TOML
        start += 2 * len(opening.group())
        closed = data.find(opening.group() * 3, start)
        end = closed if closed >= 0 else len(data)
    add_value(findings, start, end, rule)
    return end


def end_of_string(data: bytes, opening: re.Match[bytes]) -> int:
    """Where the string's closing quote begins, or the end of the text."""
    if opening.group(3):
        end = data.find(opening.group(3), opening.end())
        while end >= 0 and _slashes_before(data, end, opening.end()) % 2:
            end = data.find(opening.group(3), end + 1)
        return end if end >= 0 else len(data)
    level, quote = len(opening.group(1)), opening.group(2)
    start = opening.end()
    at = data.find(quote, start)
    while at >= 0:
        slashes = _slashes_before(data, at, start)
        if slashes < level or slashes % (2 * level + 2) == level:
            return at - min(slashes, level)
        at = data.find(quote, at + 1)
    return len(data)


def _slashes_before(data: bytes, at: int, floor: int) -> int:
    first = at
    while first > floor and data[first - 1] == _BACKSLASH:
        first -= 1
    return at - first


def mask_cookies(findings: Findings, start: int, end: int, rule: str) -> None:
    """`theme=dark; sid=...`: the names stay, the values go; where there is no name, all goes."""
    found = False
    for cookie in _COOKIE.finditer(findings.data, start, end):
        found = True
        if cookie.group(1).lower() not in _COOKIE_ATTRIBUTES:
            findings.add(cookie.start(2), cookie.end(2), rule)
    if not found:
        findings.add(start, end, rule)


def add_value(findings: Findings, start: int, end: int, rule: str, around: bytes = b"") -> None:
    """A secret's value, unless it says that there is none; of cookies the names stay. `around`: quotes for the mask."""
    value = findings.data[start:end]
    if value.strip().lower() in _HARMLESS_VALUES:
        return
    if rule.endswith(("cookie", "cookies")):
        mask_cookies(findings, start, end, rule)
    elif around:
        findings.add(start, end, rule, around + b"<masked>" + around)
    else:
        findings.add(start, end, rule)


def _mask_container(findings: Findings, at: int, rule: str, level: int) -> int:
    """Every string and number in an object or array under a secret's name; gives where the container ends."""
    data = findings.data
    end = _mask_flat(findings, at, rule) if level == 0 else -1
    if end >= 0:
        return end
    first = data[at + 1 : at + 12].lstrip(b" \r\n\t\\rn")
    quote = b"'" if first[:1] == b"'" else b'"'
    instead = b"\\" * level + b'"<masked>' + b"\\" * level + b'"'
    depth = 0
    key = b""
    string = -1
    for token in _STRUCTURE.finditer(data, at):
        word = token.group()
        if word[-1:] == quote:
            slashes = len(token.group(1))
            if slashes < level:  # the text around ends here
                _mask_item(findings, string, token.start(), rule, key)
                return token.start()
            if slashes % (2 * level + 2) != level:
                continue
            if string < 0:
                string = token.end()
                continue
            key = _end_item(findings, string, token, rule, key)
            string = -1
        elif string < 0:
            depth += (word in {b"{", b"["}) - (word in {b"}", b"]"})
            if depth == 0:
                return token.end()
            if word[-1:].isdigit() and key not in _HARMLESS_KEYS:
                findings.add(token.start(), token.end(), rule, instead)
    _mask_item(findings, string, len(data), rule, key)
    return len(data)


def _mask_flat(findings: Findings, at: int, rule: str) -> int:
    """A container of nothing but plain strings, as most are, without a step for each token; -1 where it is none.

    A bracket that stands in a string leaves an odd number of quotes before it.
    """
    data = findings.data
    end = data.find(b"]" if data[at] == _ARRAY else b"}", at)
    parts = data[at + 1 : end].split(b'"') if end >= 0 else []
    if len(parts) % 2 == 0 or b"".join(parts[::2]).strip(b" \r\n\t,:") or data.find(b"\\", at, end) >= 0:
        return -1
    key = b""
    start = at + 1
    for index in range(1, len(parts), 2):
        start += len(parts[index - 1]) + 1
        if parts[index + 1].lstrip()[:1] == b":":
            key = parts[index].lower()
        else:
            _mask_item(findings, start, start + len(parts[index]), rule, key)
        start += len(parts[index]) + 1
    return end + 1


def _end_item(findings: Findings, start: int, closing: re.Match[bytes], rule: str, key: bytes) -> bytes:
    """A string has ended: the key of what comes next, or an item, which is masked. Gives the key that holds now."""
    end = closing.end() - 1
    if _KEY_FOLLOWS.match(findings.data, closing.end()):
        return findings.data[start : closing.start()].lower()
    _mask_item(findings, start, end - len(closing.group(1)), rule, key)
    return key


def _mask_item(findings: Findings, start: int, end: int, rule: str, key: bytes) -> None:
    if start >= 0 and key not in _HARMLESS_KEYS:
        # `"cookies": [{"name": "sid", "value": "x=="}]`: no text of cookies, though a sign of equality is in it.
        add_value(findings, start, max(start, end), f"{rule}:item" if key and "cookie" in rule else rule)
