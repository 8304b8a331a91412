"""One version for all: the package's own, in the layer, in the wrappers and in what is sent."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from aftercall import __version__
from aftercall.exporters import otlp_json
from build_spec import layer as layer_build

WRAPPERS = Path(__file__).parents[1] / "runtime_wrappers"
COPIES = {
    # Wrappers run where the package is not: each has a copy, in its own language.
    "python/_aftercall/__init__.py": r'^__version__ = "(.+)"$',
    "nodejs/version.js": r"^module\.exports = '(.+)';$",
    "java/agent/aftercall/agent/Version.java": r'NAME = "(.+)";$',
}


def test_the_wrappers_have_the_packages_version():
    found = {name: re.findall(pattern, (WRAPPERS / name).read_text(), re.MULTILINE) for name, pattern in COPIES.items()}
    assert found == {name: [__version__] for name in COPIES}


def test_no_wrapper_is_without_a_version():
    assert {name.partition("/")[0] for name in COPIES} == {path.name for path in WRAPPERS.iterdir() if path.is_dir()}


def test_the_layer_says_the_packages_version(layer):
    assert layer_build.version() == __version__
    with zipfile.ZipFile(layer) as archive:
        assert json.loads(archive.read("aftercall/about.json"))["version"] == __version__


def test_the_telemetrys_scope_and_sdk_have_it():
    (resource,) = json.loads(otlp_json.request_of([], "[]"))["resourceSpans"]
    assert resource["scopeSpans"][0]["scope"] == {"name": "aftercall", "version": __version__}


def test_the_command_says_it():
    command = [sys.executable, "-m", "aftercall.command", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert told == f"aftercall, version {__version__}\n"
