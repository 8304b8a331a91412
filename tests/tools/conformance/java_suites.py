"""The Java suites: the `tests` jars that clients publish, run by JUnit's console launcher on the machine's own JDK.

Of Apache HttpClient 5 the tests that go through its own servers (httpclient5-testing) are not published.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build_spec import maven
from tests import built_layer
from tests.pythons import ROOT

from .suites import CACHE

if TYPE_CHECKING:
    from collections.abc import Collection

LAUNCHER = "junit-platform-console-standalone"


@dataclass(frozen=True)
class JavaSuite:
    """`tests` names the jar of pins/<name>.txt whose tests are run; `engine` is the JUnit that they are written for."""

    name: str
    tests: str
    engine: str
    options: tuple[str, ...] = ()

    def installed(self) -> Path:
        self._jars()
        folder = CACHE / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _jars(self) -> dict[str, Path]:
        return maven.fetch(Path(__file__).parent / "pins" / f"{self.name}.txt", ROOT / ".cache" / "maven")

    def root(self, folder: Path) -> Path:
        return folder

    def report(self, folder: Path) -> Path:
        return folder / "reports" / f"TEST-junit-{self.engine}.xml"

    def command(self, folder: Path, narrowed: list[str], *, watched: bool) -> list[str]:
        jars = self._jars()
        launcher = jars.pop(LAUNCHER)
        java = [maven.tool("java"), *self.options, "-jar", str(launcher), "execute", "--disable-banner"]
        class_path = os.pathsep.join(map(str, jars.values()))
        tests = ["-cp", class_path, f"--scan-classpath={jars[self.tests]}", "--details=none", *narrowed]
        wrapper = ["sh", str(built_layer.wrapper("java") / "wrapper")] if watched else []
        return [*wrapper, *java, *tests, f"--reports-dir={self.report(folder).parent}"]

    def environment(self, folder: Path, spool: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, "AFTERCALL_SPOOL_DIR": str(spool)}

    def matching(self, expression: str) -> list[str]:
        """Classes whose names have `expression` in them."""
        return [f"--include-classname=.*({expression}).*"]

    def alone(self, names: Collection[str]) -> list[str]:
        """The whole classes of these tests."""
        return [f"--include-classname={name}" for name in sorted({name.partition("::")[0] for name in names})]


SUITES = {
    suite.name: suite
    for suite in (
        JavaSuite(
            "apache4",
            "httpclient-tests",
            "vintage",
            # Its mocks are of a time before modules.
            ("--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED"),
        ),
        JavaSuite("apache5", "httpclient5-tests", "jupiter"),
    )
}
