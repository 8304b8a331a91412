"""Fetches artifacts from Maven Central where there is no Maven, by jgo, a client of such repositories from PyPI.

`.cache/develop/bin/python -m build_spec.jars TO CACHE NAME...`; a NAME is `group:artifact:version:classifier`, whose
last part may be empty.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from jgo.maven import MavenContext


def main(to: str, cache: str, *names: str) -> int:
    repositories = MavenContext(repo_cache=Path(cache))
    for name in names:
        group, artifact, version, classifier = name.split(":")
        jar = repositories.project(group, artifact).at_version(version).artifact(classifier=classifier).resolve()
        shutil.copy(jar, to)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
