"""The Node.js client libraries that the table of tests/scenarios is played with."""

from __future__ import annotations

from dataclasses import dataclass

from tests.runtime_wrappers.nodejs import parts
from tests.scenarios.libraries import Library


@dataclass(frozen=True)
class NodeLibrary(Library):
    """A row as in tests/scenarios/libraries.py; `oldest` is the first Node.js that the library runs on."""

    oldest: int = 18

    @property
    def keys(self) -> tuple[str, ...]:
        """What holds for all releases of a library comes after its name, what holds for all of Node.js last."""
        return self.name, self.client.removeprefix("use_").replace("_", "-"), self.wire, self.family, "nodejs"

    @property
    def is_async(self) -> bool:
        return True


# Beside all of them on the newest Node.js: one for each piece of hooked code. `make matrix` plays all on all.
ON_THE_OLDEST = ("http", "fetch", "undici-5", "http2", "got", "aws-sdk-3")


def played() -> list[tuple[int, NodeLibrary]]:
    """(major version of Node.js, library) of this run."""
    majors = parts.majors()
    return [
        (major, library)
        for major in majors
        for library in LIBRARIES
        if major >= library.oldest
        and (majors != parts.EDGES or major == parts.EDGES[1] or library.name in ON_THE_OLDEST)
    ]


LIBRARIES = (
    NodeLibrary("http", "use_http", "http", family="node-http"),
    NodeLibrary("fetch", "use_fetch", "undici", family="undici"),
    NodeLibrary("undici-5", "use_undici", "undici-5", family="undici"),
    NodeLibrary("undici-6", "use_undici", "undici", family="undici"),
    NodeLibrary("undici-8", "use_undici", "undici-8", family="undici", oldest=24),
    NodeLibrary("http2", "use_http2", "http2", wire="h2", family="http2"),
    NodeLibrary("axios", "use_axios", "axios", family="node-http"),
    NodeLibrary("got", "use_got", "got", family="node-http"),
    NodeLibrary("node-fetch", "use_node_fetch", "node-fetch", family="node-http"),
    NodeLibrary("node-fetch-2", "use_node_fetch", "node-fetch-2", family="node-http"),
    NodeLibrary("superagent", "use_superagent", "superagent", family="node-http"),
    NodeLibrary("aws-sdk-3", "use_aws_sdk_v3", "@aws-sdk/client-s3", family="aws-sdk-3"),
    NodeLibrary("aws-sdk-2", "use_aws_sdk_v2", "aws-sdk", family="aws-sdk-2"),
)
