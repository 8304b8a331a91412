"""Compiles the native part of AWS's Node.js runtime clients (libcurl, aws-lambda-cpp, the binding) by cc and c++.

Their own scripts run libcurl's autotools and configure for each client, more than a minute on two cores. What these
find out is the same on every Linux with glibc and stands in build_spec/nodejs/libcurl_config.h; libcurl, which is the
same in both clients, is compiled once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CONFIG = Path(__file__).parent / "nodejs" / "libcurl_config.h"
LIBCURL_FOLDERS = ("lib", "lib/vauth", "lib/vtls")
"""Below libcurl's own folder; the others hold what is switched off."""

BINARY = {"aws-lambda-ric-3": "dist/rapid-client.node", "aws-lambda-ric-4": "rapid-client.node"}
"""Package -> where its JavaScript expects the native part."""

CURL_OF = "aws-lambda-ric-4"


def build(modules: Path, node_headers: Path) -> None:
    """Compile the clients in this node_modules. Raises subprocess.CalledProcessError."""
    scratch = modules.parent / "native"
    curl = _unpacked(modules / CURL_OF / "deps" / "curl.tar.xz", scratch / "curl")
    objects = _libcurl(curl, scratch / "objects")
    for name, binary in BINARY.items():
        client = modules / name
        (archive,) = (client / "deps").glob("aws-lambda-cpp*.tar.*")
        runtime = _unpacked(archive, scratch / name)
        (binding,) = (client / "src").rglob("rapid-client.cc")
        addon_api = next(modules.glob(f"{name}/node_modules/node-addon-api"), modules / "node-addon-api")
        includes = (node_headers, addon_api, runtime / "include", curl / "include")
        sources = [binding, *(runtime / "src").glob("[!.]*.cpp"), _version(runtime)]
        _compile("c++", "-shared", "-std=c++17", "-pthread", includes, [*sources, *objects], "-o", str(client / binary))
        shutil.rmtree(client / "deps")
    shutil.rmtree(scratch)


def _libcurl(curl: Path, objects: Path) -> list[Path]:
    """Its object files, from as many compilers at once as there are processors."""
    objects.mkdir()
    shutil.copy(CONFIG, objects / "curl_config.h")
    sources = [source for folder in LIBCURL_FOLDERS for source in (curl / folder).glob("[!.]*.c")]
    count = os.cpu_count() or 1

    def compile_every(first: int) -> None:
        defined = ("-c", "-DHAVE_CONFIG_H", "-DBUILDING_LIBCURL", "-DCURL_STATICLIB")
        _compile("cc", *defined, (objects, curl / "lib", curl / "include"), sources[first::count], cwd=objects)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(compile_every, range(count)))
    return list(objects.glob("*.o"))


def _compile(compiler: str, *words: str | tuple[Path, ...] | list[Path], cwd: Path | None = None) -> None:
    """Tuples are folders of headers, lists are files. Warnings about code that is not ours are nobody's."""
    chosen = os.environ.get({"cc": "CC", "c++": "CXX"}[compiler], compiler)
    command = [*chosen.split(), "-O1", "-fPIC", "-fvisibility=hidden", "-w"]
    for word in words:
        if isinstance(word, str):
            command.append(word)
        else:
            command += [f"-I{path}" if isinstance(word, tuple) else str(path) for path in word]
    done = subprocess.run(command, check=False, cwd=cwd, capture_output=True, text=True, errors="replace")
    if done.returncode:
        sys.stderr.write("\n".join(done.stderr.splitlines()[:30]) + "\n")
        raise subprocess.CalledProcessError(done.returncode, [*command[:1], str(words[-1])])


def _version(runtime: Path) -> Path:
    """The source file that aws-lambda-cpp's CMake would write."""
    (version,) = re.findall(r"^\s+VERSION ([\d.]+)$", (runtime / "CMakeLists.txt").read_text(), re.MULTILINE)
    text = (runtime / "src" / "version.cpp.in").read_text().replace("@PROJECT_VERSION@", version)
    for part, number in zip(("MAJOR", "MINOR", "PATCH"), version.split("."), strict=True):
        text = text.replace(f"@PROJECT_VERSION_{part}@", number)
    written = runtime / "src" / "version_of_project.cc"
    written.write_text(text)
    return written


def _unpacked(archive: Path, folder: Path) -> Path:
    """The folder with the sources: what is alone in an archive is entered."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder)  # noqa: S202  pinned by its hash
    inside = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return inside[0] if len(inside) == 1 else folder
