"""What the Dockerfile gives starts where no Python is, on a C library older than Lambda's, and watches functions."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.dockerfile import old_systems
from tests.launcher.fake_lambda import FakeLambda, invoke, shutdown
from tests.launcher.launched import wait_until


def test_it_starts_on_every_base_and_is_not_too_large(built_layer) -> None:
    with zipfile.ZipFile(built_layer) as archive:
        about = json.loads(archive.read("aftercall/about.json"))
    assert about["lacking"] == []
    assert about["architecture"] == old_systems.ARCHITECTURE
    assert built_layer.stat().st_size < 12e6


def test_the_image_has_the_layer_under_opt(built_layer, tmp_path) -> None:
    old_systems.build("image", tmp_path / "image")
    with zipfile.ZipFile(built_layer) as archive:
        zipped = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    opt = tmp_path / "image" / "opt"
    assert {str(path.relative_to(opt)): path.read_bytes() for path in opt.rglob("*") if path.is_file()} == zipped


@pytest.mark.parametrize("root", old_systems.ROOTS)
def test_the_extension_goes_its_whole_way_in_a_root_without_python(built_layer, root, tmp_path) -> None:
    """Registers, is ready, takes an invocation, ends: with nothing of this machine but its kernel."""
    folder = tmp_path / "root"
    # Without the devices: a copy of /dev/full would be a file without end.
    shutil.copytree(root(), folder, symlinks=True, ignore=shutil.ignore_patterns("dev", "proc", "sys"))
    for name in ("tmp", "proc", "dev"):
        (folder / name).mkdir(exist_ok=True)
    with zipfile.ZipFile(built_layer) as archive:
        extension = Path(archive.extract("extensions/aftercall", folder / "opt"))
    extension.chmod(0o755)
    fake = FakeLambda()
    output = tmp_path / "output"
    mount_and_enter = (
        'mount --make-rprivate / && mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev"'
        ' && exec chroot "$0" /opt/extensions/aftercall'
    )
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", mount_and_enter, folder],
            env={
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_RUNTIME_API": fake.address,
                "AFTERCALL_LOG_LEVEL": "debug",
                # TLS is loaded for it: the native parts that nothing else needs
                "OTEL_EXPORTER_OTLP_ENDPOINT": "https://127.0.0.1:9",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: "Python part ready (incarnation 1)" in output.read_text(), output.read_text)
        fake.send_event(invoke())
        fake.wait_for("next", 2)
        fake.send_event(shutdown())
        assert process.wait(30) == 0
    finally:
        process.kill()
        fake.close()
    assert "incarnation 2" not in output.read_text()
