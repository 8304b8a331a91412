"""Masks secrets in bodies and messages: JSON (whole, cut, and inside its own strings), forms, XML, and loose text.

JSON is not parsed into values and written anew: it is walked token by token and only secrets are replaced, so that the
rest stays as the user wrote it, and a text that was cut in the middle of a token is handled by the same walk.
Imports `re`; loaded only when there is a body or a message to mask.
"""

from __future__ import annotations

import re

from aftercall.pipeline.json_text import dumps, loads
from aftercall.pipeline.names import is_secret_name, is_secret_parameter
from aftercall.pipeline.record import MASKED
from aftercall.pipeline.redact_url import percent_decoded, redact_form, redact_url

MAX_DEPTH = 16
"""JSON within strings within JSON: deeper than this is withheld by the caller, as RecursionError says."""

_HINT = re.compile(
    # Where none of these stands, there is no name that could be secret and no URL: most bodies end here.
    r"pass|pwd|pw\b|secret|token|key|credential|creds|signature|auth|cookie|jwt|bearer|otp|cv[vc]|ssn|session|sid|pin"
    r"|sig\b|code|://|\\u|base64|%|\"data\"|\"body\"",
    re.IGNORECASE,
)
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_JSON_WORD = re.compile(r"-?[0-9][0-9.eE+-]*\Z|true\Z|false\Z|null\Z")
_LAST_ESCAPE = re.compile(r"(\\+)(?:u[0-9a-fA-F]{0,3})?\Z")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>\\]+")
_FORM = re.compile(r"[^\s=&\"{}<>]+=[^\s&\"{}<>]*(?:&[^\s=&\"{}<>]*(?:=[^\s&\"{}<>]*)?)*\s*\Z")
_XML = re.compile(r"<([A-Za-z_][\w.:-]*)(\s[^<>]*)?>(\s*<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<]*)", re.DOTALL)
_XML_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]*)\s*=\s*("[^"]*(?:"|\Z)|'[^']*(?:'|\Z))""")
_MULTIPART = re.compile(r'(name="?([^";\r\n]+)"?[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)(.*?)(?=\r?\n--|\Z)', re.DOTALL)
# `name = value`, `'name': 'value'`, `"name": "value"` in messages, logs and the text of other languages' values.
_ASSIGNMENT = re.compile(r"""(?<![\w.-])(?P<name>[\w.-]{2,64})(?P<sign>\\?["']?\s*(?:=>|[:=])\s*)""")
_ASSIGNED = re.compile(
    r"""(?P<value>\\?"(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|(?:Bearer|Basic)\s+[^\s"',;]+|[^\s"',;&)}\]]+)"""
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}\Z")
_BASE64_KEYS = frozenset({"body", "data"})


def redact_text(text: str, depth: int = 0) -> str:
    """What kind of text it is, it says itself; the Content-Type of users' data is wrong too often to rely on."""
    if not _HINT.search(text):
        return text
    if depth > MAX_DEPTH:
        raise RecursionError("texts within texts")
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] in {"{", "["} or _is_json_string(stripped):
        return redact_json(text, depth)
    if stripped[:1] == "<":
        return _redact_xml(text)
    if stripped.startswith("--"):
        return _redact_loose(_MULTIPART.sub(_masked_field, text))
    if _FORM.match(stripped):
        return _redact_form_body(text, depth)
    return _redact_loose(text)


def redact_json(text: str, depth: int = 0) -> str:
    """Secrets replaced by one string each; a secret object or array is replaced whole."""
    return _Walk(text, depth).run()


class _Walk:
    """One pass over the tokens of a JSON text; also of a cut one, and of one that is not quite JSON."""

    def __init__(self, text: str, depth: int) -> None:
        self._text = text
        self._depth = depth
        self._tokens = _TOKEN.finditer(text)
        self._found: list[str] = []
        self._copied = 0
        self._key = ""
        self._string: re.Match[str] | None = None
        """A string of which the next token tells whether it is a key."""
        self._foreign = False
        """A word was seen that JSON does not have: `[INFO] token=x`, `{'token': 'x'}`."""

    def run(self) -> str:
        for token in self._tokens:
            self._take(token)
        self._settle_string()
        masked = "".join(self._found) + self._text[self._copied :]
        return _redact_loose(masked) if self._foreign else masked

    def _take(self, token: re.Match[str]) -> None:
        word = token.group()
        if word == ":" and self._string is not None:
            self._key, self._string = _decoded(self._string.group()), None
            return
        self._settle_string()
        if word in "{[":
            self._open(token)
        elif word in "}],:":
            self._key = ""
        elif word[0] == '"' and not self._key:
            self._string = token
        else:
            self._foreign = self._foreign or (word[0] != '"' and not self._is_json_word(token))
            self._value(token)
            self._key = ""

    def _settle_string(self) -> None:
        if self._string is not None:
            self._value(self._string)
            self._string = None

    def _is_json_word(self, token: re.Match[str]) -> bool:
        word = token.group()
        if _JSON_WORD.match(word):
            return True
        return token.end() == len(self._text) and "true,false,null".find(word) in {0, 5, 11}  # cut

    def _open(self, token: re.Match[str]) -> None:
        if self._key and is_secret_name(self._key):
            self._replace(token.start(), self._end_of_container(), f'"{MASKED}"')
        self._key = ""

    def _end_of_container(self) -> int:
        level = 1
        for token in self._tokens:
            word = token.group()
            level += (word in "{[") - (word in "}]")
            if level == 0:
                return token.end()
        return len(self._text)

    def _value(self, token: re.Match[str]) -> None:
        word = token.group()
        if self._key and is_secret_name(self._key):
            if word not in {"null", '""', "true", "false"}:
                self._replace(token.start(), token.end(), f'"{MASKED}"')
        elif word[0] == '"' and len(word) > 4:
            plain = _decoded(word)
            masked = self._redact_string(plain)
            if masked != plain:
                self._replace(token.start(), token.end(), dumps(masked))

    def _redact_string(self, plain: str) -> str:
        if self._key.lower() in _BASE64_KEYS and _BASE64.match(plain):
            return _redact_base64(plain, self._depth)
        return redact_text(plain, self._depth + 1)

    def _replace(self, start: int, end: int, text: str) -> None:
        self._found += (self._text[self._copied : start], text)
        self._copied = end


def _decoded(token: str) -> str:
    """The string that a JSON string token means; a cut one as far as it goes."""
    whole = token if len(token) > 1 and _ends_closed(token) else _without_partial_escape(token) + '"'
    try:
        value = loads(whole)
    except ValueError:
        return token.strip('"')
    return value if isinstance(value, str) else token


def _without_partial_escape(token: str) -> str:
    """A cut token up to its last whole escape: an even number of backslashes stands for backslashes."""
    last = _LAST_ESCAPE.search(token)
    return token[: last.end(1) - 1] if last and len(last.group(1)) % 2 else token


def _ends_closed(token: str) -> bool:
    backslashes = len(token) - 1 - len(token[:-1].rstrip("\\"))
    return token[-1] == '"' and backslashes % 2 == 0


def _is_json_string(text: str) -> bool:
    return text[:1] == '"'


def _redact_form_body(text: str, depth: int) -> str:
    masked = redact_form(text)
    # A field that holds JSON or another form: `payload={"token":...}` of Slack and others.
    fields = [_redact_field(field, depth) for field in masked.split("&")]
    return "&".join(fields)


def _redact_field(field: str, depth: int) -> str:
    name, equals, value = field.partition("=")
    if value[:1] not in {"{", "[", "%"}:
        return field
    plain = percent_decoded(value)
    masked = redact_text(plain, depth + 1)
    return field if masked == plain else f"{name}{equals}{masked}"


def _redact_xml(text: str) -> str:
    return _URL.sub(_masked_url, _XML.sub(_masked_element, text))


def _masked_element(match: re.Match[str]) -> str:
    name, attributes, content = match.group(1), match.group(2) or "", match.group(3)
    attributes = _XML_ATTRIBUTE.sub(_masked_attribute, attributes)
    if content.strip() and is_secret_name(name.rpartition(":")[2]):
        content = MASKED
    return f"<{name}{attributes}>{content}"


def _masked_attribute(match: re.Match[str]) -> str:
    return f'{match.group(1)}="{MASKED}"' if is_secret_name(match.group(1)) else match.group()


def _masked_field(match: re.Match[str]) -> str:
    return match.group(1) + MASKED if is_secret_parameter(match.group(2)) else match.group()


def _redact_loose(text: str) -> str:
    """Messages, traces, dumps: URLs, bearer tokens, and `name=value` of any kind."""
    text = _URL.sub(_masked_url, text)
    return _BEARER.sub(_masked_bearer, _redact_assignments(text))


def _masked_url(match: re.Match[str]) -> str:
    return redact_url(match.group())


def _masked_bearer(match: re.Match[str]) -> str:
    return f"{match.group(1)} {MASKED}"


def _redact_assignments(text: str) -> str:
    """The value of a harmless name is looked into as well: `failed: password=x`. Each character is passed once."""
    found: list[str] = []
    copied = position = 0
    while name := _ASSIGNMENT.search(text, position):
        position = name.end()
        if not is_secret_name(name["name"]):
            continue
        assigned = _ASSIGNED.match(text, position)
        if assigned is None:
            continue
        value = assigned["value"]
        quote = value[:2] if value[0] == "\\" else value[0] if value[0] in "\"'" else ""
        found += (text[copied:position], quote, MASKED, quote)
        copied = position = assigned.end()
    return "".join(found) + text[copied:]


def _redact_base64(text: str, depth: int) -> str:
    """API Gateway's binary bodies and Kinesis' data: text in base64 is no less text."""
    import binascii  # noqa: PLC0415 - only for events that carry base64

    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    if len(standard) % 4 == 1:  # cut
        standard = standard[:-1]
    try:
        raw = binascii.a2b_base64(standard + "=" * (-len(standard) % 4))
        plain = raw.decode("utf-8")
    except ValueError:
        return text
    masked = redact_text(plain, depth + 1)
    return text if masked == plain else binascii.b2a_base64(masked.encode(), newline=False).decode("ascii")
