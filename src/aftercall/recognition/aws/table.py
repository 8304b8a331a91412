"""The table of AWS's services and operations, as build_spec/operations.py describes and makes it.

Loaded with the first call of AWS. Without it (sources in which nothing was built) calls that name their operation
themselves are recognised all the same.
"""

from __future__ import annotations

from aftercall.recognition.aws.rest import Templates

try:
    from aftercall.recognition.aws.operations_table import INDEX, OPERATIONS, WORDS
except ImportError:
    INDEX = WORDS = OPERATIONS = b""

MAX_REMEMBERED = 256
"""Signing names and the like that were looked up. Clients of one function use a few; a hostile peer makes up more."""


class Service:
    """A line of INDEX."""

    __slots__ = (
        "_part", "_templates", "endpoint_prefix", "id", "signing_name", "target_prefix", "version",
    )  # fmt: skip

    def __init__(self, line: str) -> None:
        self.signing_name, self.endpoint_prefix, self.target_prefix, self.version, self.id, *part = line.split("\t")
        self._part = (int(part[0]), int(part[1]))
        self._templates: Templates | None = None

    @property
    def is_rest(self) -> bool:
        """Its part has more than names."""
        return bool(self._part[1]) and self.templates.are_paths

    @property
    def templates(self) -> Templates:
        if self._templates is None:
            self._templates = Templates(self._lines())
        return self._templates

    def knows(self, operation: str) -> bool:
        """False also where the table has no names, since none are needed."""
        return bool(self._part[1]) and operation in self.templates.names

    def _lines(self) -> list[str]:
        start, length = self._part
        return _inflated(OPERATIONS[start : start + length], _inflated(WORDS)).split("\n") if length else []


def _inflated(data: bytes, words: str = "") -> str:
    import zlib  # noqa: PLC0415 - a native module

    return zlib.decompressobj(-15, words.encode("ascii")).decompress(data).decode("ascii")


_index: list[str] = []
"""The one text of INDEX, once it is inflated."""
_services: dict[int, Service] = {}
_found: dict[str, tuple[Service, ...]] = {}


def by_signing_name(name: str) -> tuple[Service, ...]:
    return _matching(f"\n{name}\t", 1)


def by_target_prefix(prefix: str) -> tuple[Service, ...]:
    """`DynamoDB_20120810`: of the header X-Amz-Target, or of a path of rpc-v2-cbor."""
    return tuple(one for one in _matching(f"\t{prefix}\t", 0) if one.target_prefix == prefix) if prefix else ()


def by_endpoint_prefix(prefix: str) -> tuple[Service, ...]:
    return tuple(one for one in _matching(f"\t{prefix}\t", 0) if one.endpoint_prefix == prefix) if prefix else ()


def by_version(version: str) -> tuple[Service, ...]:
    """`2011-06-15`, as forms have it."""
    return tuple(one for one in _matching(f"\t{version}\t", 0) if one.version == version) if version else ()


def _matching(text: str, skip: int) -> tuple[Service, ...]:
    """The services in whose line the text stands; `skip`: so many of its characters are before the line."""
    found = _found.get(text)
    if found is None:
        if len(_found) >= MAX_REMEMBERED:
            _found.clear()
        found = _found[text] = tuple(_search(text, skip))
    return found


def _search(text: str, skip: int) -> list[Service]:
    if not _index:
        _index.append(_inflated(INDEX) if INDEX else "\n")
    index, found = _index[0], []
    at = index.find(text)
    while at >= 0:
        start = index.rfind("\n", 0, at + skip) + 1
        end = index.find("\n", start)
        if start not in _services:
            _services[start] = Service(index[start:end])
        found.append(_services[start])
        at = index.find(text, end)
    return found
