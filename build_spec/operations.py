"""Makes the table of AWS's operations, src/aftercall/recognition/aws/operations_table.py, from botocore's models.

botocore itself is neither imported nor shipped: its wheel is downloaded as requirements/models.txt pins it, stays in
.cache/downloads, and is read as the zip that it is. The same pin gives the same bytes. The module has three constants,
all raw DEFLATE:

INDEX       a line for each service: signing name, endpoint prefix, target prefix, API's version, service id, and where
            in OPERATIONS its own part begins and how long it is. Fields are separated, and lines ended, by one TAB and
            one LF; the text begins with LF. Services that share a signing name follow each other, the largest first.
WORDS       what the parts of OPERATIONS have in common: the dictionary with which each is deflated.
OPERATIONS  a part for each service that is called by method and path, or that shares its other names with another:
            lines of operation, method, path, query keys, headers. The last two are those by which the
            operation differs from others of the same method and path; a key may be followed by `=` and its value.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
PINNED = ROOT / "build_spec" / "requirements" / "models.txt"
TABLE = ROOT / "src" / "aftercall" / "recognition" / "aws" / "operations_table.py"
_MODEL = re.compile(r"botocore/data/([^/]+)/([^/]+)/service-2\.json(\.gz)?")
_LABEL = re.compile(r"\{[^}]*\}")
_WORD = re.compile(rb"[A-Z][a-z]+|\{[^}]*\}")
FEWEST, MOST_WORDS = 4, 8_192
"""A word is common in so many services; so many bytes of them are kept."""


class OperationsError(Exception):
    """One line that says what is missing and what to do."""


class Operation(NamedTuple):
    """`required`: query keys and headers without which an SDK does not send it."""

    name: str
    method: str
    path: str
    query: tuple[str, ...]
    required_query: tuple[str, ...]
    required_headers: tuple[str, ...]

    def line(self, others: int) -> str:
        """What tells it from others is written only where there are some."""
        query = self.query + (self.required_query if others else ())
        headers = self.required_headers if others else ()
        return "\t".join((self.name, self.method, self.path, ",".join(query), ",".join(headers)))


class Service(NamedTuple):
    signing_name: str
    endpoint_prefix: str
    target_prefix: str
    version: str
    service_id: str
    is_rest: bool
    operations: tuple[Operation, ...]

    def calls(self) -> tuple[str, str, str]:
        """What a call of a service that is not REST tells of it, but for the operation's name."""
        return self.signing_name, self.target_prefix, "" if self.target_prefix else self.version


def table_of(services: Iterable[Service]) -> tuple[bytes, bytes, bytes]:
    """INDEX, WORDS and OPERATIONS."""
    ordered = sorted(services, key=lambda one: (one.signing_name, -len(one.operations), one.service_id))
    calls = [one.calls() for one in ordered if not one.is_rest]
    words = common_words(_lines(one) for one in ordered if one.is_rest)
    index, parts = [""], bytearray()
    for one in ordered:
        shared = calls.count(one.calls()) > 1 or _shares_target(one, ordered)
        part = deflated(_lines(one), words) if one.is_rest or shared else b""
        names = (one.signing_name, one.endpoint_prefix, one.target_prefix, one.version, one.service_id)
        index.append("\t".join((*names, str(len(parts)), str(len(part)))))
        parts += part
    return deflated(("\n".join(index) + "\n").encode("ascii")), deflated(words), bytes(parts)


def common_words(texts: Iterable[bytes]) -> bytes:
    """Lines and words that several services have, the most worth at the end, where DEFLATE finds them cheapest."""
    counts = Counter(word for text in texts for word in _words(text))
    ranked = sorted(((count * len(word), word) for word, count in counts.items() if count >= FEWEST), reverse=True)
    found = b""
    for _, word in ranked:
        if word not in found and len(found) + len(word) <= MOST_WORDS:
            found = word + found
    return found


def _words(text: bytes) -> set[bytes]:
    lines = {line + b"\n" for line in text.split(b"\n")}
    heads = {b"\t".join(line.split(b"\t")[:2]) + b"\t/" for line in lines}
    return lines | heads | set(_WORD.findall(text))


def deflated(text: bytes, words: bytes = b"") -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, words)
    return packer.compress(text) + packer.flush()


def _shares_target(service: Service, services: Iterable[Service]) -> bool:
    prefix = service.target_prefix
    return bool(prefix) and sum(one.target_prefix == prefix for one in services) > 1


def _lines(service: Service) -> bytes:
    if not service.is_rest:
        return "\n".join(sorted(one.name for one in service.operations)).encode("ascii")
    shapes = [_shape(one) for one in service.operations]
    lines = (one.line(shapes.count(shape) - 1) for one, shape in zip(service.operations, shapes, strict=True))
    return "\n".join(lines).encode("ascii")


def _shape(operation: Operation) -> tuple[str, str]:
    return operation.method, _LABEL.sub("{}", operation.path)


def service_of(model: dict[str, Any]) -> Service:
    told = model["metadata"]
    return Service(
        signing_name=told.get("signingName") or told["endpointPrefix"],
        endpoint_prefix=told["endpointPrefix"],
        target_prefix=told.get("targetPrefix", ""),
        version=told["apiVersion"],
        service_id=told["serviceId"],
        is_rest=told["protocol"].startswith("rest-"),
        operations=tuple(_operation(model, name) for name in sorted(model["operations"], key=_rank(model))),
    )


def _rank(model: dict[str, Any]) -> Callable[[str], tuple[bool, str]]:
    """What is deprecated stands behind what replaced it, of which it may have method and path."""
    return lambda name: (bool(model["operations"][name].get("deprecated")), name)


def _operation(model: dict[str, Any], name: str) -> Operation:
    told = model["operations"][name]
    path, _, query = told["http"]["requestUri"].partition("?")
    shape = model["shapes"].get(told.get("input", {}).get("shape", ""), {})
    members = {member: shape["members"][member] for member in shape.get("required", ())}
    return Operation(
        name=name,
        method=told["http"]["method"],
        path=path,
        query=tuple(key for key in query.split("&") if key),
        required_query=tuple(_located(members, "querystring")),
        required_headers=tuple(key.lower() for key in _located(members, "header")),
    )


def _located(members: dict[str, Any], location: str) -> Iterator[str]:
    for name, member in members.items():
        if member.get("location") == location:
            yield member.get("locationName", name)


def models(wheel: Path) -> Iterator[dict[str, Any]]:
    """The newest version of each service, in the order of their names."""
    with zipfile.ZipFile(wheel) as archive:
        found = sorted((*match.groups(), name) for name in archive.namelist() if (match := _MODEL.fullmatch(name)))
        newest = {service: name for service, _version, _packed, name in found}
        for name in newest.values():
            text = archive.read(name)
            yield json.loads(gzip.decompress(text) if name.endswith(".gz") else text)


# ---- the wheel ----


def wheel_of(cache: Path) -> Path:
    """Botocore's wheel with its pinned hash, from the cache or downloaded into it by pip."""
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", PINNED.read_text()))
    cache.mkdir(parents=True, exist_ok=True)
    found = _cached(cache, hashes)
    if found is None:
        _download(cache)
        found = _cached(cache, hashes)
    if found is None:
        raise OperationsError(f"botocore is not in {cache} with its pinned hash: empty that folder and try again")
    return found


def _cached(cache: Path, hashes: set[str]) -> Path | None:
    wheels = sorted(cache.glob("botocore-*.whl"))
    return next((one for one in wheels if hashlib.sha256(one.read_bytes()).hexdigest() in hashes), None)


def _download(cache: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", f"--requirement={PINNED}", "--only-binary=:all:", f"--dest={cache}"]
    if subprocess.run(command, check=False).returncode:
        raise OperationsError("pip could not download botocore's models; is the package registry reachable?")


# ---- the module ----


def make(table: Path, cache: Path) -> None:
    """Write the module, unless it is there already, made of the same pin by this same program."""
    origin = hashlib.sha256(PINNED.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    head = f'"""Made by build_spec/operations.py; {origin}."""\n'
    if table.exists() and table.read_text().startswith(head):
        return
    index, words, operations = table_of(map(service_of, models(wheel_of(cache))))
    with tempfile.NamedTemporaryFile("w", dir=table.parent, prefix=".operations-", delete=False) as new:
        new.write(f"{head}\nINDEX = {index!r}\nWORDS = {words!r}\nOPERATIONS = {operations!r}\n")
    Path(new.name).chmod(0o644)
    Path(new.name).replace(table)
    print(f"operations: {table.name} has {len(index) + len(words) + len(operations)} bytes")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=TABLE, help="the module to write (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "downloads", help="where the wheel is kept")
    options = parser.parse_args()
    try:
        make(options.out, options.cache)
    except OperationsError as error:
        print(f"operations: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
