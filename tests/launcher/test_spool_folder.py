"""The spool folder: made, watched, mended, refused."""

import os
import shutil
import stat

import pytest

from tests.launcher.fake_lambda import invoke, shutdown
from tests.launcher.launched import NO_LEAK_CHECK, Launched, wait_until

RINGS = """
import select
def start(part):
    part.note("bell is", number=part.descriptors["bell"])
def invoke(part, event):
    # what an inotify descriptor says since the last event: each of the two ways to ring
    part.say("beat 2000")
    bell = part.descriptors["bell"]
    folder = os.environ["AFTERCALL_SPOOL_DIR"]
    def hears(ring):
        while True:
            try:
                os.read(bell, 65536)
            except BlockingIOError:
                break
        ring()
        return bool(select.select([bell], [], [], 1)[0])
    def rename():
        open(folder + "/1-2-3.open", "w").close()
        os.rename(folder + "/1-2-3.open", folder + "/1-2-3.ready")
    rung = hears(rename) and hears(lambda: os.close(os.open(folder + "/bell", os.O_RDONLY)))
    spares = [name for name in os.listdir(folder) if name.endswith(".spare")]
    part.note("rung", rung=rung, mode=os.stat(folder).st_mode & 0o7777, spares=len(spares))
    part.say("done")
"""


def remove(folder):
    shutil.rmtree(folder)


def replace_by_another(folder):
    shutil.rmtree(folder)
    folder.mkdir(mode=0o755)


def move_away(folder):
    folder.rename(folder.with_name("elsewhere"))


def remove_what_is_in_it(folder):
    for path in folder.iterdir():
        path.unlink()


def open_to_all(folder):
    folder.chmod(0o777)


def close_to_all(folder):
    folder.chmod(0)


@pytest.mark.parametrize(
    "harm", [remove, replace_by_another, move_away, remove_what_is_in_it, open_to_all, close_to_all]
)
def test_at_each_event_the_folder_stands_and_rings(launch, fake, harm):
    launched = launch(RINGS)
    fake.send_event(invoke())
    launched.wait_noted("rung")
    fake.wait_for("next", 2)
    for i in range(2):
        harm(launched.spool)
        fake.send_event(invoke())
        launched.wait_noted("rung", i + 2)
        fake.wait_for("next", i + 3)
        shutil.rmtree(launched.spool.with_name("elsewhere"), ignore_errors=True)
    assert all(line["rung"] for line in launched.noted("rung"))
    assert {line["mode"] for line in launched.noted("rung")} == {0o700}
    assert all(line["spares"] >= 1 for line in launched.noted("rung"))
    assert launched.log_lines() == []


REMOVES = """
import shutil
def invoke(part, event):
    shutil.rmtree(os.environ["AFTERCALL_SPOOL_DIR"])
    part.note("removed")
    part.say("done")
"""


def test_the_folder_stands_again_before_the_next_event_is_asked_for(launch, fake):
    """The function gets that event at the same moment as the launcher, and looks for the folder once."""
    launched = launch(REMOVES)
    for number in range(1, 3):
        fake.send_event(invoke())
        launched.wait_noted("removed", number)
        fake.wait_for("next", number + 1)
        assert launched.spool.is_dir()


def test_what_an_earlier_process_left_is_left_for_python(launch, fake):
    launched = launch(
        "def start(part):\n    part.note('found', names=sorted(os.listdir(os.environ['AFTERCALL_SPOOL_DIR'])))"
    )
    launched.wait_noted("found")
    (launched.spool / "1-2-3.open").write_bytes(b"frame")
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    left = ["1-2-3.open", "1.spare", "2.spare", "bell"]
    assert sorted(os.listdir(launched.spool)) == left
    again = launch(
        "def start(part):\n    part.note('found', names=sorted(os.listdir(os.environ['AFTERCALL_SPOOL_DIR'])))"
    )
    assert again.wait_noted("found", 2)[-1]["names"] == left


def test_the_bell_and_two_spares_are_there_once_next_is_asked_for(launch, fake):
    launched = launch("def start(part):\n    part.note('started')")
    launched.wait_noted("started")
    assert sorted(os.listdir(launched.spool)) == ["1.spare", "2.spare", "bell"]
    for number in (1, 2):
        spare = launched.spool / f"{number}.spare"
        assert spare.read_bytes() == b"aftcall\2".ljust(262_144, b"\0")
        assert spare.stat().st_blocks * 512 >= 262_144, "reserved"
    assert {stat.S_IMODE(path.stat().st_mode) for path in launched.spool.iterdir()} == {0o600}


def test_one_spare_of_whatever_number_is_enough_later(launch, fake):
    launched = launch("def invoke(part, event):\n    part.note('saw')\n    part.say('done')")
    launched.wait_noted("INIT")
    (launched.spool / "2.spare").rename(launched.spool / "4.spare")
    (launched.spool / "1.spare").unlink()
    (launched.spool / "123.making").write_bytes(b"somebody else's")
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    assert sorted(os.listdir(launched.spool)) == ["123.making", "4.spare", "bell"]


def test_with_a_full_disk_there_is_no_spare_and_nothing_else_changes(program, fake, tmp_path):
    """Of the launcher's folder on a disk with room for one spare."""
    mounting = tmp_path / "mounting"
    mounted = f"mount -t tmpfs -o size=300k none {tmp_path}/disk && exec {program}"
    mounting.write_text(f'#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c \'{mounted} "$@"\' "$0" "$@"\n')
    mounting.chmod(0o755)
    (tmp_path / "disk").mkdir()
    script = "def start(part):\n    part.note('found', names=sorted(os.listdir(os.environ['AFTERCALL_SPOOL_DIR'])))"
    environment = {"AFTERCALL_SPOOL_DIR": str(tmp_path / "disk" / "spool")}
    launched = Launched(str(mounting), fake, tmp_path, script, command=True, environment=environment)
    (found,) = launched.wait_noted("found")
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    assert found["names"] == ["1.spare", "bell"]
    (line,) = launched.log_lines()
    assert line.startswith("aftercall: cannot reserve 262144 bytes in the spool folder (No space left on device)")


def symlink(path):
    target = path.with_name("target")
    target.mkdir()
    path.symlink_to(target)


def broken_symlink(path):
    path.symlink_to(path.with_name("nowhere"))


def file(path):
    path.write_text("the user's")


def somebody_elses(path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    path.mkdir()
    os.chown(path, 12345, 12345)


def users_folder(path):
    """Its mode would be changed, and what is in it removed when the launcher gives up."""
    path.mkdir(mode=0o755)
    (path / "2024-01-05.csv").write_text("the user's")


@pytest.mark.parametrize("obstacle", [symlink, broken_symlink, file, somebody_elses, users_folder])
@pytest.mark.parametrize("slashes", ["", "//"])
def test_what_is_not_ours_is_refused_and_left_alone(launch, fake, tmp_path, obstacle, slashes):
    path = tmp_path / "spool"
    obstacle(path)
    before = os.lstat(path)
    launched = launch(AFTERCALL_SPOOL_DIR=str(path) + slashes)
    fake.wait_for("next")
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    (line,) = launched.log_lines()
    assert line.startswith(f"aftercall: cannot use the spool folder ({path}: ")
    assert "AFTERCALL_SPOOL_DIR" in line
    assert launched.lines() == [], "it idles: no Python part"
    after = os.lstat(path)
    assert (before.st_ino, before.st_mode, before.st_uid) == (after.st_ino, after.st_mode, after.st_uid)
    assert not (tmp_path / "target").exists() or os.listdir(tmp_path / "target") == []


@pytest.mark.parametrize(
    "value",
    ["relative/path", "/proc/aftercall", "/nowhere/at/all", "/" + "x" * 5000, "/" + "x" * 300, "/", "/tmp", "/proc"],
)
def test_a_folder_that_cannot_be_made_idles(launch, fake, value):
    launched = launch(AFTERCALL_SPOOL_DIR=value)
    fake.wait_for("next")
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    (line,) = launched.log_lines()
    assert line.startswith("aftercall: cannot use the spool folder (")
    assert launched.lines() == []


def test_a_mounted_file_system_is_refused(program, fake, tmp_path):
    path = tmp_path / "mounted"
    path.mkdir()
    mounting = tmp_path / "mounting"
    mounted = f"mount -t tmpfs none {path} && exec {program}"
    mounting.write_text(f'#!/bin/sh\nexec unshare --user --map-root-user --mount sh -c \'{mounted} "$@"\' "$0" "$@"\n')
    mounting.chmod(0o755)
    launched = Launched(str(mounting), fake, tmp_path, "", command=True, environment={"AFTERCALL_SPOOL_DIR": str(path)})
    fake.wait_for("next")
    fake.send_event(shutdown())
    assert launched.wait_ended() == 0
    (line,) = launched.log_lines()
    assert line.startswith(f"aftercall: cannot use the spool folder ({path}: it is the root of a file system): ")


def test_one_that_is_ours_but_open_to_others_is_closed_to_them(launch, fake, tmp_path):
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool").chmod(0o777)
    launch()
    fake.wait_for("register")
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700


def test_an_umask_does_not_take_anything_away(program, fake, tmp_path):
    import subprocess

    process = subprocess.Popen(
        ["sh", "-c", f"umask 0777; exec {program} sleep 60"],
        env={
            **NO_LEAK_CHECK,
            "AWS_LAMBDA_RUNTIME_API": fake.address,
            "AFTERCALL_SPOOL_DIR": str(tmp_path / "spool"),
            "PATH": os.environ["PATH"],
        },
    )
    fake.wait_for("next")
    assert stat.S_IMODE((tmp_path / "spool").stat().st_mode) == 0o700
    wait_until((tmp_path / "spool" / "2.spare").exists, lambda: str(os.listdir(tmp_path / "spool")))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "spool").iterdir()} == {0o600}
    fake.send_event(shutdown(in_ms=200))
    process.wait(timeout=30)


def test_a_folder_that_turned_into_something_else_harms_nobody(launch, fake):
    launched = launch()
    launched.wait_noted("INIT")
    shutil.rmtree(launched.spool)
    launched.spool.symlink_to("/etc")
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    launched.spool.unlink()
    fake.send_event(invoke())
    fake.wait_for("next", 3)
    wait_until(lambda: launched.spool.is_dir() and not launched.spool.is_symlink(), launched.told)
