"""Documents of services, by shape: templates of `tests.masking.templates` in which every plain value counts as harmless.

What a format holds as values is marked here, so that templates stay readable: those of JSON, forms, headers, cookies,
XML, HTML, YAML and settings. In texts `«»` marks them. A value with `†` before it counts neither as secret nor as
harmless.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.masking.templates import Drawn, draw

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PLAIN = r"[^⟦⟧«»†¦\n]"
_VALUES = {
    "json": re.compile(
        r'(?<=[:\[,])(?P<before>\s*)(?P<quote>"?)'
        r'(?P<value>(?<=")(?:[^"\\⟦⟧«»†¦]|\\.)+|(?<!")(?:-?\d[\d.eE+-]*|true|false|null))(?P=quote)(?=\s*[,}\]])'
    ),
    "pairs": re.compile(r"(?<==)(?P<value>[^&;\s⟦⟧«»†¦]+)(?=&|;|$)"),
    "lines": re.compile(rf"^(?P<before>[^\s:]+: )(?P<value>{_PLAIN}+)$", re.MULTILINE),
    "tags": re.compile(r"(?P<before>>\s*|\s[\w:-]+=\")(?P<value>[^<>\"\s⟦⟧«»†¦][^<>\"⟦⟧«»†¦]*?)(?=\s*<|\")"),
    "yaml": re.compile(rf"^(?P<before> *(?:- )?[\w./-]+: +[\"']?)(?P<value>[^\s\"'|>#&⟦⟧«»†¦]{_PLAIN}*?)(?=[\"']?$)", re.MULTILINE),
    "settings": re.compile(rf"^(?P<before> *(?:export )?[\w.-]+ *[=:] *[\"']?)(?P<value>[^\s\"'⟦⟧«»†¦]{_PLAIN}*?)(?=[\"']?$)", re.MULTILINE),
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    shape: str
    place: str
    template: str

    def drawn(self, rng: Random) -> Drawn:
        drawn = draw(self.template, rng)
        if self.shape != "escaped JSON":
            return drawn
        return drawn.around(
            '{"statusCode": 200, "body": "', lambda text: json.dumps(text, ensure_ascii=False)[1:-1], '"}'
        )


def _marked(template: str, values: str) -> str:
    def mark(found: re.Match[str]) -> str:
        start, end = found.start("value") - found.start(), found.end("value") - found.start()
        whole = found[0]
        return f"{whole[:start]}«{whole[start:end]}»{whole[end:]}"

    return (_VALUES[values].sub(mark, template) if values else template).replace("†", "")


def _shape(shape: str, place: str, values: str = "") -> Callable[[str], Document]:
    return lambda template: Document(shape, place, _marked(template.strip("\n"), values))


JSON = _shape("JSON", "body:application/json", "json")
EVENT = _shape("JSON", "event", "json")
FORM = _shape("form", "body:application/x-www-form-urlencoded", "pairs")
XML = _shape("XML", "body:application/xml", "tags")
HTML = _shape("HTML", "body:text/html", "tags")
HEADERS = _shape("header", "header", "lines")
ANSWERED = _shape("header", "answer's header", "lines")
COOKIE = _shape("cookie", "cookie", "pairs")
SET_COOKIE = _shape("cookie", "set-cookie", "pairs")
URL = _shape("URL", "url", "pairs")
YAML = _shape("YAML", "text", "yaml")
ENV = _shape("env", "text", "settings")
INI = _shape("ini", "text", "settings")
MESSAGE = _shape("error message", "message")
CALL_ERROR = _shape("error message", "call's error")
STACK = _shape("stack trace", "stack")
LOG = _shape("log line", "text")
PRINTED = _shape("printed value", "text")
SQL = _shape("SQL", "text")
COMMAND = _shape("command line", "text")
MULTIPART = _shape("multipart", "body:multipart/form-data; boundary=x7MA4YWxkTrZu0gW")


def with_escaped(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Each document in JSON also as a string of JSON within another one."""
    return (
        *documents,
        *(replace(one, shape="escaped JSON", place="event") for one in documents if one.shape == "JSON"),
    )
