"""The gate: which of Lambda's bases a layer starts on."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aftercall import __version__
from build_spec import bases, elf

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("glibc", "foreign", "lacking"),
    [
        ((2, 17), {}, []),
        ((2, 26), {}, []),
        ((2, 27), {}, ["Amazon Linux 2 has glibc 2.26, a.so asks for 2.27"]),
        ((2, 9), {"libz.so.1": "b.so"}, ["no base is sure to have libz.so.1, which b.so asks for"]),
    ],
)
def test_one_sentence_for_each_base_that_is_too_old(glibc, foreign, lacking) -> None:
    assert list(bases.Demand(glibc, "a.so", foreign).lacking()) == lacking


def test_a_library_of_this_system_alone_is_found(layer: Path, tmp_path) -> None:
    """What the extension needs it packs; a program of the system stands for what must not come in."""
    with zipfile.ZipFile(layer) as archive:
        archive.extractall(tmp_path / "tree")
    assert bases.demand(tmp_path / "tree", tmp_path / "unpacked").foreign == {}
    git = shutil.which("git")
    assert git
    shutil.copy(git, tmp_path / "tree" / "aftercall" / "stray")
    needed = set(elf.needs(git).libraries) - bases.LIBRARIES
    found = bases.demand(tmp_path / "tree", tmp_path / "unpacked").foreign
    packed = {path.name for path in (tmp_path / "unpacked").iterdir()}
    assert dict.fromkeys(needed - packed, "aftercall/stray") == found


def test_the_layer_says_what_it_is(layer: Path) -> None:
    with zipfile.ZipFile(layer) as archive:
        about = json.loads(archive.read("aftercall/about.json"))
    assert about["version"] == __version__
    assert f"aftercall-layer-{about['architecture']}.zip" == layer.name


def test_one_that_would_not_start_everywhere_is_refused(layer: Path, tmp_path) -> None:
    """Under --every-base no zip is left that somebody could publish by mistake."""
    with zipfile.ZipFile(layer) as archive:
        archive.extractall(tmp_path / "tree")
        fits = not json.loads(archive.read("aftercall/about.json"))["lacking"]
    command = [sys.executable, "-m", "build_spec.layer", "--only", "zip", "--every-base"]
    command += ["--tree", str(tmp_path / "tree"), "--dist", str(tmp_path / "dist")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == (0 if fits else 1), done.stderr
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ([layer.name] if fits else [])


def test_the_same_tree_gives_the_same_bytes(layer: Path, tmp_path) -> None:
    with zipfile.ZipFile(layer) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, tmp_path / "tree"))
            path.chmod(entry.external_attr >> 16 & 0o777)
    command = [sys.executable, "-m", "build_spec.layer", "--only", "zip", "--tree", str(tmp_path / "tree")]
    subprocess.run([*command, "--dist", str(tmp_path / "dist")], cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / "dist" / layer.name).read_bytes() == layer.read_bytes()
