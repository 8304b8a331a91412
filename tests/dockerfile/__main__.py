"""`make dockerfile`: builds the Dockerfile without Docker, by buildah, on an old base, and tests what comes out.

`make layer-arm64` does the same for the other architecture, under qemu.
"""

import subprocess
import sys

from tests.dockerfile import emulation, old_systems


def main() -> int:
    missing = old_systems.missing_tools()
    for sentence in missing:
        print(f"dockerfile needs {sentence}", file=sys.stderr)
    if missing:
        return 1
    if old_systems.EMULATED and not emulation.active():
        return emulation.run([sys.executable, "-m", "tests.dockerfile", *sys.argv[1:]])
    old_systems.images()
    # -s: minutes pass, and the build's own words say how far it is
    return subprocess.call([sys.executable, "-m", "pytest", "-v", "-s", "tests/dockerfile", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
