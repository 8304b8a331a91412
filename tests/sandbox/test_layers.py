"""Layers as zip archives and folders."""

import os
import platform
import stat
import zipfile

import pytest

from aftercall.sandbox.config import SandboxError
from aftercall.sandbox.layers import extension_names, merge_layers


def make_zip(path, entries):
    """entries: name -> (content, mode); the file type is part of the mode."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, (content, mode) in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return path


def elf(machine, order="little"):
    return b"\x7fELF\x02" + (b"\x01" if order == "little" else b"\x02") + bytes(12) + machine.to_bytes(2, order)


FILE, LINK = stat.S_IFREG, stat.S_IFLNK


def test_modes_and_symlinks_of_an_archive_are_kept(tmp_path):
    entries = {
        "extensions/one": ("#!/bin/sh\n", FILE | 0o755),
        "link": ("extensions/one", LINK | 0o777),
        "a/b": ("c", FILE | 0o640),
    }
    opt = merge_layers([make_zip(tmp_path / "layer.zip", entries)], str(tmp_path / "opt"))
    assert os.access(f"{opt}/extensions/one", os.X_OK)
    assert os.readlink(f"{opt}/link") == "extensions/one"
    assert stat.S_IMODE(os.stat(f"{opt}/a/b").st_mode) == 0o640
    assert extension_names(opt) == ["one"]


def test_a_later_layer_replaces_files_of_an_earlier_one(tmp_path):
    first = make_zip(tmp_path / "first.zip", {"a": ("1", FILE | 0o644), "b": ("1", FILE | 0o644)})
    second = tmp_path / "second"
    second.mkdir()
    (second / "b").write_text("2")
    third = make_zip(tmp_path / "third.zip", {"c": ("3", FILE | 0o644)})
    opt = merge_layers([first, second, third], str(tmp_path / "opt"))
    assert [(tmp_path / "opt" / name).read_text() for name in "abc"] == ["1", "2", "3"]
    assert opt == str(tmp_path / "opt")


def test_one_folder_is_used_as_it_is(tmp_path):
    assert merge_layers([tmp_path], str(tmp_path / "opt")) == str(tmp_path)


@pytest.mark.parametrize(
    "entries",
    [
        {"../out": ("x", FILE | 0o644)},
        {"link": ("/", LINK | 0o777), "link/tmp/out": ("x", FILE | 0o644)},
        {"link": ("..", LINK | 0o777), "link/out": ("x", FILE | 0o644)},
    ],
)
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path, entries):
    with pytest.raises(SandboxError, match="leaves /opt"):
        merge_layers([make_zip(tmp_path / "layer.zip", entries)], str(tmp_path / "opt"))
    assert not (tmp_path / "out").exists()


def test_an_archive_for_another_architecture_is_named(tmp_path):
    other, name = {"x86_64": (183, "aarch64"), "aarch64": (62, "x86_64")}[platform.machine()]
    layer = make_zip(tmp_path / "layer.zip", {"extensions/one": (elf(other), FILE | 0o755)})
    with pytest.raises(SandboxError, match=f"'one' of the layer is built for {name}, this machine is"):
        merge_layers([layer], str(tmp_path / "opt"))


def test_a_script_has_no_architecture(tmp_path):
    layer = make_zip(tmp_path / "layer.zip", {"extensions/one": ("#!/bin/sh\n", FILE | 0o755)})
    merge_layers([layer], str(tmp_path / "opt"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no more"])
def test_what_is_not_an_archive(tmp_path, content):
    (tmp_path / "layer.zip").write_bytes(content)
    with pytest.raises(SandboxError, match="cannot be unpacked"):
        merge_layers([tmp_path / "layer.zip"], str(tmp_path / "opt"))
