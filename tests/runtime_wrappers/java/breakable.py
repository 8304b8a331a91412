"""An agent whose hooks can be broken one by one, built of the sources with a door in AftercallHook.

A place is `Okhttp:3`, what a hook does before its method, or after it: `Okhttp:3 after`, `Okhttp:3 thrown`. The
property `aftercall.break` names the one that throws; `aftercall.passed` lists those that were passed, a line each.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from . import parts

if TYPE_CHECKING:
    from pathlib import Path

HOOK = "bridge/java/lang/AftercallHook.java"
DOORS = {
    "return all[hook].before(": 'passes(hook, point, "");',
    "all[hook].after(point, state, result, null);": 'passes(hook, point, " after");',
    "all[hook].after(point, state, null, exception);": 'passes(hook, point, " thrown");',
}
PASSES = """
    private static synchronized void passes(int hook, int point, String end) {
        String name = all[hook].toString();
        String place = name.substring(name.lastIndexOf('.') + 1) + ":" + point + end;
        String passed = System.getProperty("aftercall.passed", "");
        if (!passed.contains(place + "\\n")) {
            System.setProperty("aftercall.passed", passed + place + "\\n");
        }
        if (place.equals(System.getProperty("aftercall.break"))) {
            throw new Error("broken on purpose");
        }
    }

    private static void fault("""


def build(folder: Path) -> Path:
    """The folder of the wrapper and its jar, below `folder`."""
    sources = folder / "runtime_wrappers" / "java"
    shutil.copytree(parts.ROOT / "runtime_wrappers" / "java", sources)
    (folder / "build_spec").symlink_to(parts.ROOT / "build_spec")
    path = sources / HOOK
    text = path.read_text().replace("\n    private static void fault(", PASSES, 1)
    for call, door in DOORS.items():
        assert text.count(call) == 1, call
        text = text.replace(call, f"{door} {call}")
    path.write_text(text)
    out = folder / "wrapper"
    command = [sys.executable, str(sources / "build.py"), "--out", str(out), "--cache", str(parts.MAVEN)]
    subprocess.run(command, check=True)
    return out
