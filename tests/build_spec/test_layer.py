"""The layer as it was built: what lies where, and what it asks of the system."""

import stat
import zipfile
from pathlib import Path

from build_spec import contents, elf

PARTS = {
    "extension", "exporters", "formats", "http1", "masking", "pipeline", "recognition", "settings", "spool",
    "transport",
}  # fmt: skip


def frozen_contents(layer: Path, folder: Path) -> list[contents.Entry]:
    with zipfile.ZipFile(layer) as archive:
        archive.extract("extensions/aftercall", folder)
    return list(contents.read(folder / "extensions" / "aftercall"))


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
    assert {"aftercall/wrapper", "aftercall/python/start.py", "aftercall/nodejs/wrapper"} <= set(modes)
    assert {mode & 0o444 for mode in modes.values()} == {0o444}


def test_nothing_in_the_zip_tells_when_it_was_built(layer) -> None:
    with zipfile.ZipFile(layer) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        names = archive.namelist()
    assert names == sorted(names)


def test_the_command_and_its_imports_stay_out_of_the_frozen_file(layer, tmp_path) -> None:
    modules = [entry.name for entry in frozen_contents(layer, tmp_path) if entry.kind != contents.NATIVE]
    packages = {module.split(".")[0] for module in modules}
    assert not packages & {"aiohttp", "click", "rich", "moto", "boto3", "requests", "pip", "setuptools", "wrapt"}
    ours = {module.split(".")[1] for module in modules if module.startswith("aftercall.")}
    assert ours == PARTS


def test_each_module_of_the_extension_is_in_the_frozen_file(layer, tmp_path) -> None:
    frozen = {entry.name for entry in frozen_contents(layer, tmp_path) if entry.kind != contents.NATIVE}
    root = Path(__file__).parents[2] / "src"
    sources = [path for part in PARTS for path in (root / "aftercall" / part).rglob("*.py")]
    names = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for path in sources}
    assert names == {name for name in frozen if name.startswith("aftercall.")}


def test_no_module_of_ours_asks_for_typing(layer, tmp_path) -> None:
    entries = [entry for entry in frozen_contents(layer, tmp_path) if entry.kind != contents.NATIVE]
    ours = [entry for entry in entries if entry.name.startswith("aftercall")]
    assert [entry.name for entry in ours if b"typing" in entry.data] == []


def test_libraries_are_loaded_in_an_order_that_needs_no_search(layer, tmp_path) -> None:
    """Nothing tells the dynamic linker of a folder: what a library needs has to be there before it."""
    natives = {entry.name: entry for entry in frozen_contents(layer, tmp_path) if entry.kind == contents.NATIVE}
    (tls,) = [entry for name, entry in natives.items() if name.startswith("_ssl.")]
    assert [name.partition(".")[0] for name in tls.needs][-2:] == ["libcrypto", "libssl"]
    for entry in natives.values():
        for position, name in enumerate(entry.needs):
            assert set(natives[name].needs) <= set(entry.needs[:position])


def test_what_was_packed_is_read_back() -> None:
    entries = [
        contents.Entry(contents.NATIVE, "libx.so", b"\x7fELF" * 100, ("liby.so", "libz.so")),
        contents.Entry(contents.PACKAGE, "package", b""),
        contents.Entry(contents.MODULE, "package.module", b"code"),
    ]
    block = contents.pack(entries)
    assert list(contents.unpack(b"ELF of any length" + block + b"more of it")) == entries


def test_every_elf_file_names_the_architecture_of_the_zip(layer, tmp_path) -> None:
    with zipfile.ZipFile(layer) as archive:
        archive.extractall(tmp_path)
    machines = {elf.machine(str(path)) for path in tmp_path.rglob("*") if path.is_file() and elf.is_elf(str(path))}
    assert machines == {layer.stem.removeprefix("aftercall-layer-")}
