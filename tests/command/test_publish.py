"""Publishing the layer: what is sent, what is not sent again, and which zips are refused."""

import base64
import hashlib

import pytest

from aftercall.command.lambda_service import runtimes
from tests.command.lambda_stand_in import ACCOUNT, REGION


def arn(number, region=REGION, name="aftercall"):
    return f"arn:aws:lambda:{region}:{ACCOUNT}:layer:{name}:{number}"


def version(service, number, region=REGION):
    return service.client(region=region).get_layer_version(LayerName="aftercall", VersionNumber=number)


def test_a_version_says_what_it_is(service, aftercall, layer_zip):
    path = layer_zip()
    result = aftercall("publish", path)
    assert (result.status, result.out) == (0, arn(1) + "\n")
    assert "eu-central-1, x86_64: published version 1 (aftercall 0.1.0)" in result.err
    published = version(service, 1)
    assert published["Description"] == "aftercall 0.1.0 (x86_64; runtime wrappers: python, nodejs, java)"
    assert published["CompatibleArchitectures"] == ["x86_64"]
    assert published["CompatibleRuntimes"] == [name for names in runtimes.IN_SERVICE.values() for name in names]
    digest = hashlib.sha256(path.read_bytes()).digest()
    assert published["Content"]["CodeSha256"] == base64.b64encode(digest).decode()


def test_a_layer_without_wrappers_for_a_runtime_does_not_claim_it(service, aftercall, layer_zip):
    aftercall("publish", layer_zip(families=["python"]))
    assert version(service, 1)["CompatibleRuntimes"] == list(runtimes.IN_SERVICE["python"])


def test_the_same_content_is_published_once_for_each_architecture(service, aftercall, layer_zip):
    x86, arm = layer_zip("x.zip"), layer_zip("arm.zip", architecture="arm64")
    assert aftercall("publish", x86, arm).out == f"{arn(1)}\n{arn(2)}\n"
    again = aftercall("publish", arm, x86)
    assert (again.out, again.err.count("has this content already")) == (f"{arn(2)}\n{arn(1)}\n", 2)
    newer = layer_zip("x.zip", filling=b"y")
    assert aftercall("publish", newer).out == f"{arn(3)}\n"
    assert service.count("POST", "/versions") == 3


def test_several_regions_at_once(service, aftercall, layer_zip):
    result = aftercall("publish", layer_zip(), "--region", "us-east-1", "--region", "eu-west-1")
    assert result.out == f"{arn(1, 'us-east-1')}\n{arn(1, 'eu-west-1')}\n"


def test_one_region_that_fails_does_not_stop_the_other(service, aftercall, layer_zip):
    service.refuse("POST", "/versions", 400, "CodeStorageExceededException", "Code storage limit exceeded.")
    result = aftercall("publish", layer_zip(), "--region", "us-east-1", "--region", "eu-west-1")
    assert result.status == 1
    assert "code storage is full: delete old versions" in result.err
    assert len(result.out.splitlines()) == 1


def test_what_lies_in_dist_is_published(service, aftercall, layer_zip, tmp_path, monkeypatch):
    (tmp_path / "dist").mkdir()
    layer_zip("dist/aftercall-layer-x86_64.zip")
    layer_zip("dist/aftercall-layer-arm64.zip", architecture="arm64")
    monkeypatch.chdir(tmp_path)
    assert len(aftercall("publish").out.splitlines()) == 2
    only = aftercall("publish", "--architecture", "arm64", "--name", "watch")
    assert only.out == arn(1, name="watch") + "\n"


def test_an_upload_that_is_sent_again_is_whole(service, aftercall, layer_zip):
    service.refuse("POST", "/versions", 429, "TooManyRequestsException", "Rate exceeded", times=1)
    path = layer_zip(filling=b"z" * 3_000_000)
    assert aftercall("publish", path).status == 0
    assert version(service, 1)["Content"]["CodeSize"] == path.stat().st_size


LACKING = "Amazon Linux 2 has glibc 2.26, extensions/aftercall asks for 2.36"


@pytest.mark.parametrize(
    ("about", "arguments", "line"),
    [
        (
            {"lacking": [LACKING]},
            [],
            f"would not start on Lambda: {LACKING}: run `docker build --platform linux/amd64 --output dist .`",
        ),
        (
            {"lacking": [LACKING], "architecture": "arm64"},
            [],
            "run `docker build --platform linux/arm64 --output dist .` and publish what that writes",
        ),
        (
            {},
            ["--architecture", "arm64"],
            "is for x86_64, not arm64: name the zip of arm64, or leave --architecture out",
        ),
        ({"lacking": None}, [], "its about.json lacks version, architecture or lacking: build it anew"),
    ],
)
def test_a_zip_that_does_not_fit_is_refused(service, aftercall, layer_zip, about, arguments, line):
    result = aftercall("publish", layer_zip(**about), *arguments)
    assert result.status != 0
    assert line in result.err
    assert (result.out, service.calls) == ("", [])


def test_what_is_no_layer_is_refused(service, aftercall, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.zip").write_text("no zip")
    assert "no dist/aftercall-layer-*.zip here: run `docker build" in aftercall("publish").err
    assert "'none.zip' cannot be read (No such file or directory)" in aftercall("publish", "none.zip").err
    assert "'text.zip' is not a zip with aftercall/about.json" in aftercall("publish", "text.zip").err


def test_the_built_layer_says_what_publish_goes_by(layer):
    from aftercall.command.lambda_service import layer_zip as zips

    built = zips.read(str(layer))
    assert built.architecture in {"x86_64", "arm64"}
    assert "python" in built.families
    assert len(built.content) < zips.LARGEST
