"""`make release-files`: what goes with the layer's zips in dist/ to a release.

    aftercall-layer-<arch>.cdx.json     what is in that zip (CycloneDX)
    SHA256SUMS                          of zips and documents: `sha256sum --check SHA256SUMS`
    NOTES.md                            this version's part of CHANGELOG.md

Refuses zips that are not of this version, or would not start on every base of Lambda, and a tag of another version.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import sbom
from build_spec.layer import version

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


class UnfitError(Exception):
    """Must not be released; the message says why, and what to do."""


def write(dist: Path, *, tag: str = "", any_base: bool = False) -> list[Path]:
    """Write the files, and return all that belong to the release."""
    if tag not in {"", f"v{version()}"}:
        raise UnfitError(f"the tag is {tag}, the version v{version()}: set src/aftercall/__init__.py, or another tag")
    zips = sorted(dist.glob("aftercall-layer-*.zip"))
    if not zips:
        raise UnfitError(f"no aftercall-layer-*.zip in {dist}: run `docker build --output {dist} .` first")
    for layer in zips:
        _refuse_unfit(layer, any_base=any_base)
    documents = [_write_sbom(layer) for layer in zips]
    files = [*zips, *documents]
    sums = dist / "SHA256SUMS"
    sums.write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))
    (dist / "NOTES.md").write_text(notes((ROOT / "CHANGELOG.md").read_text(), version(), tagged=bool(tag)))
    return [*files, sums]


def _refuse_unfit(layer: Path, *, any_base: bool) -> None:
    with zipfile.ZipFile(layer) as archive:
        about = json.loads(archive.read("aftercall/about.json"))
        there = {name.split("/")[1] for name in archive.namelist() if name.endswith("/wrapper")}
    if about["version"] != version():
        raise UnfitError(f"{layer.name} is version {about['version']}, the sources are {version()}: build it anew")
    if lacking := {"python", "nodejs", "java"} - there:
        raise UnfitError(f"{layer.name} has no wrapper for {', '.join(sorted(lacking))}: build it by the Dockerfile")
    if about["lacking"] and not any_base:
        raise UnfitError(f"{layer.name} would not start everywhere: {about['lacking'][0]}: build it by the Dockerfile")


def _write_sbom(layer: Path) -> Path:
    path = layer.with_suffix(".cdx.json")
    path.write_text(json.dumps(sbom.document(layer), indent=1) + "\n")
    return path


def notes(changelog: str, wanted: str, *, tagged: bool) -> str:
    """The version's part of the changelog. A tag must not be of a version that the changelog calls unreleased."""
    for heading, body in _sections(changelog):
        if heading.split()[0] == wanted:
            if tagged and "unreleased" in heading:
                raise UnfitError(f"CHANGELOG.md calls {wanted} unreleased: write its date there, then tag")
            return body
    raise UnfitError(f"CHANGELOG.md has no part about {wanted}: write one")


def _sections(changelog: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"(?m)^## ", changelog)[1:]:
        heading, _, body = part.partition("\n")
        yield heading, body.strip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="folder with the zips")
    parser.add_argument("--tag", default="", help="of the release; must be v and the version")
    parser.add_argument("--any-base", action="store_true", help="take zips that start on this machine's base alone")
    options = parser.parse_args()
    try:
        files = write(options.dist, tag=options.tag, any_base=options.any_base)
    except (UnfitError, sbom.UnknownPartError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    for file in files:
        print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
