"""Operations of services that are called by method and path, from the lines of the table.

    PutObject   PUT /{Bucket}/{Key+}
    UploadPart  PUT /{Bucket}/{Key+}    where the query has partNumber and uploadId
    ListLayers  GET /2018-10-31/layers

`{Key+}` takes several segments. Of several templates that match, the one with literal segments at the front wins, then
the one that asks for more of the query and of the headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aftercall.http1.message import Message

Rank = tuple[tuple[bool, ...], int]

MAX_SEGMENTS = 64
"""Templates have at most a dozen."""


class Template:
    """One operation. `greedy`: where the label stands that takes several segments; -1 if there is none."""

    __slots__ = ("greedy", "headers", "name", "query", "rank", "segments")

    def __init__(self, name: str, path: str, query: str, headers: str) -> None:
        self.name = name
        self.segments = tuple(path.rstrip("/").split("/")[1:])
        self.greedy = next((at for at, one in enumerate(self.segments) if one.endswith("+}")), -1)
        self.query = tuple(key.partition("=") for key in query.split(",") if key)
        self.headers = tuple(key for key in headers.split(",") if key)
        literal = tuple(not one.startswith("{") for one in self.segments)
        self.rank: Rank = (literal, len(self.query) + len(self.headers))

    def accepts(self, segments: list[str]) -> bool:
        own = self.segments
        if self.greedy < 0:
            return all(map(_fits, own, segments))
        behind = len(own) - self.greedy - 1
        middle = segments[self.greedy : len(segments) - behind]
        if not any(middle):
            return False
        ends = zip(own[-behind:], segments[-behind:], strict=False) if behind else ()
        return all(_fits(one, segment) for one, segment in (*zip(own[: self.greedy], segments, strict=False), *ends))

    def is_asked_for(self, query: Mapping[str, str], request: Message) -> bool:
        for key, equals, value in self.query:
            if key not in query or (equals and query[key] != value):
                return False
        return not self.headers or all(map(request.header, self.headers))

    def labels(self, segments: list[str]) -> dict[str, str]:
        """What stands in the path for each label, still percent-coded."""
        if self.greedy < 0:
            return {one[1:-1]: segment for one, segment in zip(self.segments, segments, strict=True) if one[:1] == "{"}
        behind = len(self.segments) - self.greedy - 1
        found = {
            one[1:-1]: part for one, part in zip(self.segments[: self.greedy], segments, strict=False) if one[:1] == "{"
        }
        found[self.segments[self.greedy][1:-2]] = "/".join(segments[self.greedy : len(segments) - behind])
        return found


class Templates:
    """Those of one service."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.names: set[str] = set()
        self._by_length: dict[tuple[str, int, str], list[Template]] = {}
        """By method, number of segments, and the first one: empty where a label stands."""
        self._greedy: dict[str, list[Template]] = {}
        for line in lines:
            name, *told = line.split("\t")
            self.names.add(name)
            if told:
                self._add(told[0], Template(name, *told[1:]))
        for found in (*self._by_length.values(), *self._greedy.values()):
            found.sort(key=lambda one: one.rank, reverse=True)

    @property
    def are_paths(self) -> bool:
        return bool(self._by_length or self._greedy)

    def find(
        self, method: str, path: str, query: Mapping[str, str], request: Message
    ) -> tuple[Template, dict[str, str]] | None:
        """The operation, and what stands for each label."""
        segments = path.split("/", MAX_SEGMENTS)[1:]
        whole = segments[:-1] if segments and not segments[-1] else segments
        for first in (whole[0], "") if whole else ("",):
            for one in self._by_length.get((method, len(whole), first), ()):
                if one.accepts(whole) and one.is_asked_for(query, request):
                    return one, one.labels(whole)
        for one in self._greedy.get(method, ()):
            if len(segments) >= len(one.segments) and one.is_asked_for(query, request) and one.accepts(segments):
                return one, one.labels(segments)
        return None

    def _add(self, method: str, template: Template) -> None:
        if template.greedy < 0:
            first = template.segments[0] if template.segments and template.rank[0][0] else ""
            self._by_length.setdefault((method, len(template.segments), first), []).append(template)
        else:
            self._greedy.setdefault(method, []).append(template)


def _fits(template: str, segment: str) -> bool:
    return template == segment or (template[:1] == "{" and segment != "")
