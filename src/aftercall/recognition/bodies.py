"""Members of the body of a message, whatever form AWS or a client gave it, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftercall.formats.json_text import loads
from aftercall.formats.urls import percent_decoded

if TYPE_CHECKING:
    from typing import Any

MAX_CUT_CHARS = 8_192
"""Of a body that was cut, so much is searched for its first members: that goes letter by letter."""

MAX_NAME = 256
"""Characters of a name, an id or a code: the beginning of one is another's, or nobody's."""

MAX_PAIRS = 512


def json_of(body: bytes) -> Any:
    """The value; of a cut object its first members. None if it is no JSON."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return loads(text)
    except (ValueError, RecursionError):
        pass
    from aftercall.formats.json_fields import fields_of  # noqa: PLC0415 - few bodies are cut

    return fields_of(text[:MAX_CUT_CHARS], MAX_NAME) or None


def json_fields(body: bytes) -> dict[str, Any]:
    """{} if it is no object."""
    found = json_of(body)
    return found if isinstance(found, dict) else {}


def form_fields(text: str) -> dict[str, str]:
    """Of a query, or of a form: the first value of each key. A key without `=` has an empty one."""
    found: dict[str, str] = {}
    for pair in text.split("&", MAX_PAIRS)[:MAX_PAIRS]:
        key, _, value = pair.partition("=")
        if key:
            found.setdefault(percent_decoded(key), percent_decoded(value))
    return found
