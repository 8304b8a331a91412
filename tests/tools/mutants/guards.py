"""The broken guards: each a change of one place that some test must notice.

tests/tools/mutants/guards/<part>.toml holds tables of this shape:

    [[guard]]
    name = "a body is cut at the limit"      # what no longer holds once it is broken
    file = "src/aftercall/pipeline/limit.py"
    old = "body[:limit]"                     # stands exactly once in the file
    new = "body"
    test = ["tests/pipeline/test_limit.py::test_body"]   # fails then, as each of them passes before
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).parent / "guards"

STEPS = {
    "src/aftercall/": (),
    "launcher/": (),
    "runtime_wrappers/python/": ("python",),
    "runtime_wrappers/wrapper": ("python",),
    "runtime_wrappers/nodejs/": ("nodejs",),
    "runtime_wrappers/java/": ("java",),
    "build_spec/": (),
}
"""Start of a file's path: the steps of build_spec.layer that its tests need, the first that fits."""


@dataclass(frozen=True)
class Guard:
    """One guard, and how it is broken."""

    name: str
    part: str
    file: str
    old: str
    new: str
    test: tuple[str, ...]

    def steps(self) -> tuple[str, ...]:
        return next(steps for start, steps in STEPS.items() if self.file.startswith(start))

    def broken(self, text: str) -> str:
        """The file's text without the guard; ValueError where the place is not there or not the only one."""
        found = text.count(self.old)
        if found != 1:
            raise ValueError(f"{self.part}: {self.name!r}: `old` stands {found} times in {self.file}, not once")
        return text.replace(self.old, self.new)


def load(folder: Path = FOLDER) -> list[Guard]:
    """All guards, by part and in the order of their files."""
    return [
        Guard(part=path.stem, test=tuple(table.pop("test")), **table)
        for path in sorted(folder.glob("*.toml"))
        for table in tomllib.loads(path.read_text())["guard"]
    ]
