"""A function's process: the Java driver under the built wrapper, or without it, with a spool folder of its own."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import built_layer
from tests.scenarios import isolation
from tests.scenarios.program import Program, environment
from tests.segments import furnish

from . import libraries, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.libraries import Library

# Small and quick to start, many at once; the class archive as Lambda has it.
OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xmx192m",
    "-Djava.util.logging.SimpleFormatter.format=%4$s %3$s %5$s%n",  # without the time of day
)
# What an exception's text has of addresses in memory, of generated classes and of the client's own ports.
BY_CHANCE = (
    (re.compile(r"\$\$Lambda[^.(]*"), "$$Lambda"),
    (re.compile(r"(L:[0-9.]*/|local=)[0-9.:]+:\d+"), r"\1local"),
    (re.compile(r"@[0-9a-f]{5,8}\b"), "@"),
    (re.compile(r"\bhttp-outgoing-\d+"), "http-outgoing"),  # Apache's, by how many were made before
    (re.compile(r"(channelAge|lastIdleDuration)=PT[0-9.]+S|\[id: 0x[0-9a-f]{8}"), "channel"),
    # Netty's threads come to an error one way or the other; a frame that is not its own would stay.
    (re.compile(r"\n\tat (io\.netty|software\.amazon\.awssdk\.http\.nio\.netty)\.[^\n]*"), ""),
)

# Okhttp's watchdog and the socket's own time-out race: without the agent too each comes now and then.
TIMED_OUT = re.compile(r"(?<=^java\.net\.SocketTimeoutException: )(timeout|Read timed out)(?=\n)")
ON_THE_WAY = re.compile(
    r"\n\tat (okhttp3|okio|java|javax|sun)\b[^\n]*|\n\t\.\.\. \d+ more"
    r"|\nCaused by: java\.net\.(SocketException: Socket closed|SocketTimeoutException: Read timed out)"
)

# Of a connection that the peer has ended, the JDK's client says this or that.
CLOSED = (
    "SocketException",
    "EOFException",
    "IOException",
    "ConnectException",
    "SSLHandshakeException",
    "ConnectionExpiredException",
)


class JavaProgram(Program):
    """The same for a Java library; `python` is the version of Java."""

    AT_ONCE = 2  # a JVM's start is all computing

    @classmethod
    def wrapper(cls) -> Path:
        return built_layer.wrapper("java")

    def __init__(self, python: str, library: Library, plan: dict[str, Any], *, watched: bool, **isolate: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aftercall-program-"))
        self.spool = self.folder / "spool"
        furnish(self.spool, spares=2)
        self.results = self.folder / "results"
        self.results.touch()
        self.errors = self.folder / "stderr"
        self.plan = {"client": library.module, **plan}
        java = [parts.java(python), "-Xshare:on" if python == "8" else "-Xshare:auto", *OPTIONS]
        words = [*java, "-cp", libraries.class_path(library), "Driver", str(self.folder / "plan"), str(self.results)]
        command = ["sh", str(self.wrapper() / "wrapper"), *words] if watched else words
        self.command = isolation.isolated(command, **isolate)

    def start(self) -> None:
        lines = [f"{name}={escaped(value)}\n" for name, value in flattened(self.plan)]
        (self.folder / "plan").write_text("".join(lines))
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                self.command,
                env=environment(self.spool),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )

    def wait(self) -> list[dict[str, Any]]:
        results = super().wait()
        for result in results:
            for call in result["calls"]:
                if "text" in call:
                    call["text"] = steady(call["text"])
                if "jdk.internal.net.http" in call.get("text", ""):
                    # Its causes come from threads of its own, with whatever these had on their stacks.
                    own, *causes = re.split(r"\nCaused by: ", call["text"])
                    names = {re.split(r"[:\n]", cause)[0] for cause in causes}
                    call["text"] = f"{own} {CLOSED} {sorted(name for name in names if not name.endswith(CLOSED))}"
        return results


def steady(text: str) -> str:
    if "okhttp3" in text and TIMED_OUT.search(text):
        text = ON_THE_WAY.sub("", TIMED_OUT.sub("timeout", text))
    for pattern, instead in BY_CHANCE:
        text = pattern.sub(instead, text)
    return text


def flattened(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """`0.request.method` and the like: what Java's Properties can read. None and empty values are left out."""
    for name, value in plan.items():
        if name == "steps":
            for number, step in enumerate(value):
                yield from ((f"{number}.{key}", inner) for key, inner in flattened(step))
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in flattened(value))
        elif value not in (None, ""):
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def escaped(value: str) -> str:
    return value.replace("\\", "\\\\").encode("ascii", "backslashreplace").decode() if value.isascii() else java(value)


def java(value: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in value)
