"""The layer as it was built: what lies where, and what it asks of the system."""

import pickle
import stat
import subprocess
import zipfile
from pathlib import Path

from build_spec import elf, environment

SCRIPT = """
import pickle, sys
from PyInstaller.archive.readers import CArchiveReader
archive = CArchiveReader(sys.argv[1])
(pyz,) = [name for name, entry in archive.toc.items() if entry[4] == "z"]
packed = {name: entry[4] for name, entry in archive.toc.items()}
pickle.dump((packed, list(archive.open_embedded_archive(pyz).toc)), sys.stdout.buffer)
"""


def frozen_contents(layer: Path, folder: Path) -> tuple[dict[str, str], list[str]]:
    with zipfile.ZipFile(layer) as archive:
        archive.extract("extensions/aftercall", folder)
    python = Path(environment.CACHE) / "freeze" / "bin" / "python"
    command = [str(python), "-c", SCRIPT, str(folder / "extensions" / "aftercall")]
    contents: tuple[dict[str, str], list[str]]
    contents = pickle.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return contents


def test_the_extensions_folder_holds_one_executable_and_nothing_else(layer) -> None:
    with zipfile.ZipFile(layer) as archive:
        (extension,) = [entry for entry in archive.infolist() if entry.filename.startswith("extensions")]
    assert extension.filename == "extensions/aftercall"
    assert stat.S_IMODE(extension.external_attr >> 16) == 0o755


def test_the_wrappers_are_executable_and_everything_is_readable(layer) -> None:
    with zipfile.ZipFile(layer) as archive:
        modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()}
    assert modes["aftercall/wrapper"] == 0o755
    assert modes["aftercall/python/wrapper"] == 0o755
    assert {mode & 0o444 for mode in modes.values()} == {0o444}


def test_nothing_in_the_zip_tells_when_it_was_built(layer) -> None:
    with zipfile.ZipFile(layer) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        names = archive.namelist()
    assert names == sorted(names)


def test_the_command_and_its_imports_stay_out_of_the_frozen_file(layer, tmp_path) -> None:
    _, modules = frozen_contents(layer, tmp_path)
    packages = {module.split(".")[0] for module in modules}
    assert not packages & {"aiohttp", "click", "rich", "moto", "boto3", "requests", "pip", "setuptools", "wrapt"}
    ours = {".".join(module.split(".")[:2]) for module in modules if module.startswith("aftercall")}
    assert ours == {"aftercall", "aftercall.extension", "aftercall.exporters", "aftercall.pipeline", "aftercall.spool"}


def test_no_runtime_hook_and_no_compressed_entry_slows_the_start(layer, tmp_path) -> None:
    packed, _ = frozen_contents(layer, tmp_path)
    assert not [name for name in packed if name.startswith("pyi_rth")]


def test_every_elf_file_names_the_architecture_of_the_zip(layer, tmp_path) -> None:
    with zipfile.ZipFile(layer) as archive:
        archive.extractall(tmp_path)
    machines = {elf.machine(str(path)) for path in tmp_path.rglob("*") if path.is_file() and elf.is_elf(str(path))}
    assert machines == {layer.stem.removeprefix("aftercall-layer-")}
