"""The command as its user meets it: arguments in, output and exit status out, against a Lambda service on loopback."""

import json
import logging
import sys
import zipfile
from typing import NamedTuple

import pytest

from aftercall.command.__main__ import main
from tests.command.lambda_stand_in import KEYS, REGION, LambdaStandIn

RUNTIMES = ["python3.12", "python3.9", "nodejs22.x", "java21", "java8.al2", "provided.al2023", "dotnet8", "ruby3.3"]


class Ran(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def _service():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    service = LambdaStandIn()
    yield service
    service.close()


@pytest.fixture
def service(_service, monkeypatch, tmp_path):
    """The service, empty, and an environment in which the command finds it."""
    _service.reset()
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    settings = {"AWS_REGION": REGION, "AWS_ENDPOINT_URL": _service.url, **KEYS, "AWS_EC2_METADATA_DISABLED": "true"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "200")
    return _service


@pytest.fixture
def aftercall(service, monkeypatch, capsys):
    """aftercall("attach", "name", ...) -> Ran."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["aftercall", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main()
        out, err = capsys.readouterr()
        code = exit_.value.code
        return Ran(code if isinstance(code, int) else 1, out, err + (code if isinstance(code, str) else ""))

    return run


@pytest.fixture
def layer_zip(tmp_path):
    """layer_zip(version=.., architecture=..): the zip of a layer, with as much in it as `publish` looks at."""

    def make(name="layer.zip", families=("python", "nodejs", "java"), filling=b"x", **about):
        about = {"version": "0.1.0", "architecture": "x86_64", "glibc": "2.17", "lacking": [], **about}
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("extensions/aftercall", filling)
            archive.writestr("aftercall/wrapper", "#!/bin/sh\n")
            for family in families:
                archive.writestr(f"aftercall/{family}/wrapper", "#!/bin/sh\n")
            archive.writestr("aftercall/about.json", json.dumps(about))
        return path

    return make
