"""What goes with the layer to a release, and the workflow that makes one."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from aftercall import __version__
from build_spec import release, sbom

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture
def dist(layer, tmp_path):
    """A folder with the built layer alone."""
    shutil.copy2(layer, tmp_path)
    return tmp_path


def altered(path, name, content):
    """The zip with one file put in another's place, or added."""
    with zipfile.ZipFile(path) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()} | {name: content}
    with zipfile.ZipFile(path, "w") as archive:
        for other, bytes_ in files.items():
            if bytes_ is not None:
                archive.writestr(other, bytes_)


def about(path, **fields):
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("aftercall/about.json"))
    altered(path, "aftercall/about.json", json.dumps(told | fields).encode())


def test_checksums_are_those_of_all_files(dist):
    files = release.write(dist, any_base=True)
    assert [file.suffix for file in files] == [".zip", ".json", ""]
    told = dict(reversed(line.split("  ")) for line in (dist / "SHA256SUMS").read_text().splitlines())
    assert told == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files[:2]}
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=dist, check=True)


def test_the_sbom_lists_what_is_in_the_zip_with_its_version(layer):
    document = sbom.document(layer)
    with zipfile.ZipFile(layer) as archive:
        built_with = json.loads(archive.read("aftercall/about.json"))["built_with"]
    found = {component["name"]: component["version"] for component in document["components"]}
    assert {"python", "openssl", "zlib", "urllib3", "mypy", "pyinstaller", "wrapt", "asm"} == set(found)
    assert {name: found[name] for name in built_with} == built_with
    assert all(re.fullmatch(r"\d[\w.]+", version) for version in found.values()), found
    assert all(component["purl"].endswith(component["version"]) for component in document["components"])
    assert document["metadata"]["component"]["version"] == __version__
    assert sbom.document(layer) == document


def test_a_part_that_the_sbom_does_not_know_is_an_error(dist, monkeypatch):
    monkeypatch.delitem(sbom.LIBRARIES, "libz")
    with pytest.raises(sbom.UnknownPartError, match=r"libz\.so\.1 in extensions/aftercall is of no component"):
        release.write(dist, any_base=True)


def unfit_version(path):
    about(path, version="0.0.9")


def unfit_base(path):
    about(path, lacking=["Amazon Linux 2 has glibc 2.26"])


def no_java(path):
    altered(path, "aftercall/java/wrapper", None)


def none(path):
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "tag", "line"),
    [
        (unfit_version, "", "is version 0.0.9, the sources are"),
        (unfit_base, "", "would not start everywhere: Amazon Linux 2 has glibc 2.26"),
        (no_java, "", "has no wrapper for java"),
        (none, "", "run `docker build --output"),
        (None, "v9.9.9", "the tag is v9.9.9, the version v"),
    ],
)
def test_what_must_not_be_released_is_refused(dist, spoil, tag, line):
    (path,) = dist.glob("*.zip")
    about(path, lacking=[])
    if spoil:
        spoil(path)
    with pytest.raises(release.UnfitError, match=re.escape(line)):
        release.write(dist, tag=tag)
    assert not (dist / "SHA256SUMS").exists()


CHANGELOG = "# Changelog\n\n## 0.2.0 (unreleased)\n\nNew.\n\n## 0.1.0 (2026-12-01)\n\n### Parts\n\n- One.\n"


def test_the_notes_are_the_changelogs_part():
    assert release.notes(CHANGELOG, "0.1.0", tagged=True) == "### Parts\n\n- One.\n"
    assert release.notes(CHANGELOG, "0.2.0", tagged=False) == "New.\n"
    for version, tagged in (("0.2.0", True), ("0.3.0", False)):
        with pytest.raises(release.UnfitError, match=version):
            release.notes(CHANGELOG, version, tagged=tagged)
    assert release.notes((ROOT / "CHANGELOG.md").read_text(), __version__, tagged=False)


def steps():
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_the_workflow_names_targets_stages_and_files_that_are_there(dist):
    text = "\n".join(step.get("run", "") for step in steps())
    targets = set(re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text()))
    assert set(re.findall(r"\bmake ([\w-]+)", text)) == {"test-layer", "release-files"}
    assert {"test-layer", "release-files"} <= targets
    stages = set(re.findall(r"(?m)^FROM .* AS (\w+)$", (ROOT / "Dockerfile").read_text()))
    assert set(re.findall(r"--target (\w+)", text)) <= stages
    attached = re.findall(r"dist/([\w.*-]+)", text.partition("gh release create")[2])
    release.write(dist, any_base=True)
    assert {file.name for pattern in attached for file in dist.glob(pattern)} == {file.name for file in dist.iterdir()}


def test_actions_of_the_workflow_are_pinned():
    used = [step["uses"] for step in steps() if "uses" in step]
    by_major = {"actions/attest-build-provenance@v2", "actions/attest-sbom@v2"}
    assert [use for use in used if use not in by_major and not re.search(r"@[0-9a-f]{40}$", use)] == []
