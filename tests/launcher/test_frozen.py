"""The launcher where it is shipped: inside PyInstaller's bootloader."""

import os
import re
import signal
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.launcher.fake_lambda import invoke, shutdown
from tests.launcher.launched import is_running, wait_until


@pytest.fixture(scope="module")
def extension(layer, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("opt")
    with zipfile.ZipFile(layer) as archive:
        archive.extract("extensions/aftercall", folder)
    path: Path = folder / "extensions" / "aftercall"
    path.chmod(0o755)
    return path


def limited(limit):
    """A command that sets RLIMIT_NOFILE, (soft, hard), and becomes the one that follows it."""
    return ["sh", "-c", f'ulimit -Sn {limit[0]}; ulimit -Hn {limit[1]}; exec "$0"'] if limit else []


class Frozen:
    def __init__(self, extension, fake, folder, limit=None):
        self.output = folder / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*limited(limit), extension],
                env={
                    "AWS_LAMBDA_RUNTIME_API": fake.address,
                    "AFTERCALL_SPOOL_DIR": str(folder / "spool"),
                    "AFTERCALL_LOG_LEVEL": "debug",
                    "TMPDIR": str(folder),
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def told(self):
        return self.output.read_text(errors="replace")

    def ready(self, incarnation):
        return lambda: f"Python part ready (incarnation {incarnation})" in self.told()

    def leaders(self):
        """The process of each incarnation."""
        return [int(pid) for pid in re.findall(r"Python part started \(incarnation \d+, pid (\d+)\)", self.told())]

    def group(self, leader):
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if group_of(pid) == leader]


def group_of(pid):
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[2])
    except (FileNotFoundError, ProcessLookupError):
        return None


@pytest.fixture
def frozen(extension, fake, tmp_path):
    one = Frozen(extension, fake, tmp_path)
    yield one
    one.process.kill()
    one.process.wait()
    groups = one.leaders()
    wait_until(lambda: not any(is_running(pid) for leader in groups for pid in one.group(leader)), one.told)


def test_it_registers_under_its_file_name_and_works_through_events(frozen, fake):
    wait_until(frozen.ready(1), frozen.told)
    (register,) = fake.of_kind("register")
    assert register.headers["lambda-extension-name"] == "aftercall"
    for i in range(3):
        fake.send_event(invoke(f"r-{i}", in_ms=1000))
        fake.wait_for("next", i + 2)
    fake.send_event(shutdown())
    assert frozen.process.wait(timeout=30) == 0


def test_it_is_one_process_that_leaves_no_file_behind(frozen, tmp_path):
    """So there is no parent to be killed alone, and no unpacked folder for user code to remove or to fill."""
    wait_until(frozen.ready(1), frozen.told)
    (leader,) = frozen.leaders()
    assert frozen.group(leader) == [leader]
    assert sorted(os.listdir(tmp_path)) == ["output", "spool"]
    os.kill(leader, signal.SIGKILL)
    wait_until(frozen.ready(2), frozen.told)
    assert not is_running(leader)
    assert sorted(os.listdir(tmp_path)) == ["output", "spool"]


def test_a_stopped_one_is_replaced(frozen, fake):
    wait_until(frozen.ready(1), frozen.told)
    (leader,) = frozen.leaders()
    both = frozen.group(leader)
    for pid in both:
        os.kill(pid, signal.SIGSTOP)
    fake.send_event(invoke())
    fake.wait_for("next", 2)
    wait_until(frozen.ready(2), frozen.told)
    assert not any(map(is_running, both))


def test_killed_with_the_launcher(frozen):
    wait_until(frozen.ready(1), frozen.told)
    (leader,) = frozen.leaders()
    both = frozen.group(leader)
    frozen.process.kill()
    wait_until(lambda: not any(map(is_running, both)), frozen.told)


def test_a_variable_of_the_users_with_the_same_name_does_not_keep_it_from_registering(extension, fake, tmp_path):
    environment = {"AWS_LAMBDA_RUNTIME_API": fake.address, "AFTERCALL_SPOOL_DIR": str(tmp_path / "spool")}
    process = subprocess.Popen([extension], env={**environment, "AFTERCALL_LAUNCHER": "true", "TMPDIR": str(tmp_path)})
    fake.wait_for("next")
    fake.send_event(shutdown())
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--version"], 0, "aftercall "),
        (["--help"], 0, "AWS Lambda extension"),
        ([], 2, "AWS_LAMBDA_RUNTIME_API is not set"),
    ],
)
def test_a_human_gets_one_line(extension, arguments, status, words):
    done = subprocess.run([extension, *arguments], env={}, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == status
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("soft", [16, 24, 32, 64, 128, 200, 201, 264, 1024])
@pytest.mark.parametrize("hard", ["the same", "higher"])
def test_it_lives_with_few_descriptors_or_says_so(extension, fake, tmp_path, soft, hard):
    limit = (soft, soft if hard == "the same" else 4_096)
    one = Frozen(extension, fake, tmp_path, limit)
    try:
        fake.wait_for("next")
        if min(limit[1], 4_096) >= 40:
            wait_until(one.ready(1), one.told)
        else:
            wait_until(lambda: "descriptors are allowed (RLIMIT_NOFILE)" in one.told(), one.told)
        fake.send_event(invoke())
        fake.wait_for("next", 2)
        assert one.process.poll() is None, one.told()
    finally:
        one.process.kill()
        one.process.wait()
        groups = one.leaders()
        wait_until(lambda: not any(is_running(pid) for leader in groups for pid in one.group(leader)), one.told)
