"""What a row of the table is made of. The rows are in successes.py, failures.py, proxies.py and hangs.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .scripts import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .libraries import Library
    from .sites import Behaviour

LARGE = 300_000
HUGE = 10_000_000  # more than the buffers of both ends hold


@dataclass(frozen=True)
class Ends:
    """How one record ends.

    `status` None: no response; "client": the one that the client saw. `fails`: the names that the error may have.
    `complete` None: either, by chance.
    """

    status: int | str | None = 200
    stage: str = "response_body"
    fails: str = ""
    complete: bool | None = True


OK = Ends()
STORED = answer(size=0)  # S3 takes any text after a PUT for an error
PUT_BYTES: dict[str, Any] = {"method": "PUT", "body": {"kind": "bytes", "size": 2000}}
H2_FRAMES = "HTTP/2 frames bodies in one way only"
PYTHONS_OWN = {"nodejs": "is Python's own"}
NO_REDIRECTS = dict.fromkeys(
    (
        *("http.client", "boto3", "httpcore-sync", "httpcore-async"),
        *("http", "http2", "undici-5", "undici-6", "undici-8", "aws-sdk-3", "aws-sdk-2"),
    ),
    "follows no redirects",
)
NO_RETRIES = {
    **dict.fromkeys(("http", "http2", "fetch", "undici", "axios", "node-fetch"), "has no retries"),
    "http.client": "has no retries",
    "urllib": "has no retries",
    "httpcore": "retries to connect, never a request",
}
NOT_AWS = dict.fromkeys(
    ("http.client", "urllib", "urllib3", "httpcore", "aiohttp", "node-http", "undici", "http2"),
    "speaks no AWS protocol",
)


@dataclass(frozen=True, eq=False)
class Row:
    """What scenarios and hangs have in common. Texts may name {base}, {scheme}, {port}, {name}, {ack} and {refused}."""

    name: str
    behaviour: Behaviour
    verb: str = "once"
    count: int = 1
    tls: bool = False
    url: str = "{base}/{name}/key"
    request: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    not_possible: Mapping[str, str] = field(default_factory=dict)

    def reason_against(self, library: Library) -> str | None:
        """Why this library cannot do it; None where it can."""
        if self.verb == "gather" and not library.is_async:
            return "has no coroutines"
        return next((self.not_possible[key] for key in library.keys if key in self.not_possible), None)


@dataclass(frozen=True, eq=False)
class Scenario(Row):
    """What goes its way to the end: one record for each of `ends`, in order."""

    ends: tuple[Ends, ...] = (OK,)
    by_chance: bool = False
    """Whether reading or writing hears of the failure first is chance: two runs without any wrapper differ too."""
    connections: int | None = None
    bodies: bool = True
    differs: Mapping[str, tuple[Ends, ...]] = field(default_factory=dict)

    def ends_for(self, library: Library) -> tuple[Ends, ...]:
        return next((self.differs[key] for key in library.keys if key in self.differs), self.ends)


@dataclass(frozen=True, eq=False)
class Hang(Row):
    """What never ends: the function is killed while its call waits in the stage that is the row's name."""

    @property
    def stage(self) -> str:
        return self.name


def fails(stage: str, errors: str, status: int | None = None) -> tuple[Ends, ...]:
    """One record that ends in an error; `errors` are the names that the libraries have for it."""
    return (Ends(status=status, stage=stage, fails=errors, complete=False),)


def put(kind: str, size: int, **more: Any) -> dict[str, Any]:
    return {"method": "PUT", "body": {"kind": kind, "size": size}, **more}
