"""What the layer is made of, as a CycloneDX 1.6 document: read from the zip itself and from the pins of the build.

Only what is in the zip is listed. Something foreign in it that this file does not know is an error, not a gap.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from build_spec import contents

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]

LIBRARIES = {"libpython": "cpython", "libssl": "openssl", "libcrypto": "openssl", "libz": "zlib"}
"""Begin of a native library's file name -> the component that it is of."""

STATIC = {"_ssl": "openssl", "zlib": "zlib", "aftercall_compiled": "mypy"}
"""Extension modules into which a library may be linked: CPython's own, and ours, which has mypyc's C files."""


class Component(NamedTuple):
    name: str
    version: str
    licence: str
    purl: str
    cpe: str = ""
    """What scanners find CVEs by where there is no package registry."""


class UnknownPartError(Exception):
    """Something in the zip is of no component that is known here."""


def document(layer: Path) -> dict[str, Any]:
    """The same for the same zip: no time, and a serial number from the zip's digest."""
    digest = hashlib.sha256(layer.read_bytes()).hexdigest()
    with zipfile.ZipFile(layer) as archive:
        about = json.loads(archive.read("aftercall/about.json"))
        found = sorted(set(_components(archive, about["built_with"])))
    itself = {
        "type": "application",
        "bom-ref": "aftercall",
        "name": f"aftercall-layer-{about['architecture']}",
        "version": about["version"],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {"component": itself},
        "components": [_encoded(component) for component in found],
        "dependencies": [{"ref": "aftercall", "dependsOn": [component.purl for component in found]}],
    }


def _components(archive: zipfile.ZipFile, built_with: dict[str, str]) -> Iterator[Component]:
    """`built_with`: versions of the Python that froze the extension, and of its libraries."""
    known = {
        "cpython": _generic("python", built_with["python"], "PSF-2.0", "python:python"),
        "openssl": _generic("openssl", built_with["openssl"], "Apache-2.0", "openssl:openssl"),
        "zlib": _generic("zlib", built_with["zlib"], "Zlib", "zlib:zlib"),
        "urllib3": _pypi("urllib3", _pinned("urllib3"), "MIT"),
        "mypy": _pypi("mypy", _pinned("mypy", "mypyc"), "MIT AND PSF-2.0"),
    }
    yield known["cpython"]
    yield _pypi("pyinstaller", _pinned("pyinstaller"), "GPL-2.0-or-later WITH Bootloader-exception")
    for entry in contents.unpack(archive.read("extensions/aftercall")):
        for name in _parts_of(entry):
            if name not in known:
                raise UnknownPartError(f"{entry.name} in extensions/aftercall is of no component in build_spec/sbom.py")
            yield known[name]
    names = archive.namelist()
    if any(name.startswith("aftercall/python/_aftercall/wrapt/") for name in names):
        text = (ROOT / "runtime_wrappers" / "python" / "build.py").read_text()
        yield _pypi("wrapt", _one(r'"wrapt==([\d.]+)"', text), "BSD-2-Clause")
    if "aftercall/java/aftercall.jar" in names:
        version = _one(
            r"org\.ow2\.asm:asm:([\d.]+) ", (ROOT / "runtime_wrappers" / "java" / "artifacts.txt").read_text()
        )
        yield Component("asm", version, "BSD-3-Clause", f"pkg:maven/org.ow2.asm/asm@{version}")


def _parts_of(entry: contents.Entry) -> Iterator[str]:
    """Our own modules and Python's are none."""
    if entry.kind == contents.NATIVE:
        module = entry.name.partition(".")[0]
        library = re.match(r"(lib[a-z]+)[\d.-]*\.", entry.name)
        if library:
            yield LIBRARIES.get(library[1], library[1])
        elif module in STATIC:
            yield STATIC[module]
        return
    package = entry.name.partition(".")[0]
    if package not in sys.stdlib_module_names and "aftercall" not in package:
        yield package


def _encoded(component: Component) -> dict[str, Any]:
    told = {
        "type": "library",
        "bom-ref": component.purl,
        "name": component.name,
        "version": component.version,
        "licenses": [{"expression": component.licence}],
        "purl": component.purl,
    }
    return told | ({"cpe": component.cpe} if component.cpe else {})


def _generic(name: str, version: str, licence: str, product: str) -> Component:
    return Component(
        name, version, licence, f"pkg:generic/{name}@{version}", f"cpe:2.3:a:{product}:{version}:*:*:*:*:*:*:*"
    )


def _pypi(name: str, version: str, licence: str) -> Component:
    return Component(name, version, licence, f"pkg:pypi/{name}@{version}")


def _pinned(package: str, environment: str = "freeze") -> str:
    pins = ROOT / "build_spec" / "requirements" / f"{environment}.txt"
    return _one(rf"(?m)^{package}==(\S+)", pins.read_text())


def _one(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)
