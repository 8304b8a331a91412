"""What cannot be watched runs as it would without us, and one line says why; what is lost is counted."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import built_layer
from tests.runtime_wrappers.python.conftest import read_spool

from . import parts
from .test_boundary import CLIENTS, EVENTS, run

if TYPE_CHECKING:
    from .test_boundary import Answered

WOVEN = "okhttp3/internal/http/CallServerInterceptor"
TOO_NEW = 99  # class file version


def lines_of_ours(answered: Answered) -> list[str]:
    return [line for line in answered.log.splitlines() if line.startswith("aftercall: ")]


def without_ours(answered: Answered) -> str:
    return "".join(line for line in answered.log.splitlines(keepends=True) if not line.startswith("aftercall: "))


def no_jar(folder: Path) -> None:
    (folder / "aftercall.jar").unlink()


def no_classes(folder: Path) -> None:
    """A jar that the JVM begins with, and nothing in it for the boot loader."""
    whole = folder / "aftercall.jar"
    with zipfile.ZipFile(whole) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if name != "boot.bin"}
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(("damage", "said"), [(no_jar, "cannot be read"), (no_classes, "report it")])
@pytest.mark.parametrize("java", parts.chosen())
def test_a_layer_that_lacks_something(java, damage, said, tmp_path) -> None:
    wrapper = Path(shutil.copytree(built_layer.wrapper("java"), tmp_path / "damaged"))
    damage(wrapper)
    plain = run(java, "app.App", EVENTS, tmp_path, watched=False)
    other = tmp_path / "run"
    other.mkdir()
    # No segments to wait for: as many posts as events are the end.
    damaged = run(java, "app.App", EVENTS, other, wrapper=wrapper, waits_for_spool=False)
    assert damaged.posts == plain.posts
    assert without_ours(damaged) == plain.log
    (line,) = lines_of_ours(damaged)
    assert line.startswith("aftercall: this function is not watched: ")
    assert said in line
    assert not damaged.segments


def too_new(content: bytes) -> bytes:
    return content[:6] + TOO_NEW.to_bytes(2, "big") + content[8:]


def torn(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("damage", "error", "said"),
    [(too_new, b"UnsupportedClassVersionError", [f"version {TOO_NEW}"]), (torn, b"ClassFormatError", [])],
)
@pytest.mark.parametrize("java", parts.chosen())
def test_a_class_that_cannot_be_woven(java, damage, error, said, tmp_path) -> None:
    classes = parts.compiled((parts.HERE / "functions",), "runtime_client")
    task_root = Path(shutil.copytree(classes, tmp_path / "task"))
    path = task_root / f"{WOVEN}.class"
    path.parent.mkdir(parents=True)
    path.write_bytes(damage((classes / "app/Loads.class").read_bytes()))
    events = (f'{{"class": "{WOVEN.replace("/", ".")}"}}'.encode(),) * 2
    plain = run(java, "app.Loads", events, tmp_path, watched=False, task_root=task_root)
    watched = run(java, "app.Loads", events, tmp_path, task_root=task_root)
    assert error in plain.posts[0][1]
    assert watched.posts == plain.posts
    assert without_ours(watched) == plain.log
    lines = lines_of_ours(watched)
    assert [words in line for words, line in zip(said, lines, strict=True)] == [True] * len(said), lines
    faults = [frame.header["faults"] for frame in watched.of_kind("drops")]
    assert {name for told in faults for name in told} == {f"weave:{WOVEN}"}


URL_CONNECTION = "sun.net.www.protocol.http.HttpURLConnection"
CLIENT = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.LambdaRuntimeApiClientImpl"


@pytest.mark.parametrize("java", parts.chosen())
def test_what_was_loaded_before_the_agent_is_told(java, tmp_path) -> None:
    early = parts.agent_jar(parts.HERE / "agents" / "LoadsEarly.java")
    option = f"-javaagent:{early}={URL_CONNECTION}"
    plain = run(java, "app.App", EVENTS, tmp_path, watched=False, JAVA_TOOL_OPTIONS=option)
    watched = run(java, "app.App", EVENTS, tmp_path, JAVA_TOOL_OPTIONS=option)
    assert watched.posts == plain.posts
    assert without_ours(watched) == plain.log
    assert [line.split()[1] for line in lines_of_ours(watched)] == [URL_CONNECTION]
    faults = [frame.header["faults"] for frame in watched.of_kind("drops")]
    assert faults == [{f"loaded:{URL_CONNECTION}": 1}]
    assert len(watched.of_kind("invocation_end")) == len(EVENTS)


def test_a_runtime_client_that_was_loaded_before_the_agent_is_told(tmp_path) -> None:
    early = parts.agent_jar(parts.HERE / "agents" / "LoadsEarly.java")
    option = f"-javaagent:{early}={CLIENT}"
    watched = run(parts.chosen()[-1], "app.Sees", (b"{}",), tmp_path, waits_for_spool=False, JAVA_TOOL_OPTIONS=option)
    assert [line.split()[1] for line in lines_of_ours(watched)] == [CLIENT]
    (process,) = watched.of_kind("process")
    assert process.header["not_watched"] == "the runtime client was loaded before the agent"


@pytest.mark.parametrize(
    ("java", "client"), [*(("8", client) for client in CLIENTS), (parts.OLDEST_AND_NEWEST[1], CLIENTS[0])]
)
def test_a_call_in_the_init_does_not_make_a_function_unwatched(java, client, tmp_path) -> None:
    """The runtime client's own classes come after the function's, so nothing is known yet when it calls."""
    watched = run(java, "app.CallsInInit", EVENTS[:1], tmp_path, client=client)
    assert len(watched.of_kind("call_end")) == 2
    assert [frame.kind for frame in watched.of_kind("invocation_end")] == ["invocation_end"]
    assert {frame.header.get("not_watched") for frame in watched.of_kind("process")} == {None}


def test_a_program_without_a_runtime_client_is_not_watched(tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    classes = parts.compiled((parts.HERE / "functions",), "runtime_client")
    (tmp_path / "Main.java").write_text(
        "public class Main { public static void main(String[] words) { new app.CallsInInit(); } }"
    )
    parts.compile_java([tmp_path / "Main.java"], tmp_path, str(classes), "8")
    class_path = ":".join([str(tmp_path), str(classes), *parts.jars("runtime_client")])
    command = ["sh", str(built_layer.wrapper("java") / "wrapper"), parts.java("8"), "-cp", class_path, "Main"]
    subprocess.run(command, env={"PATH": os.environ["PATH"], "AFTERCALL_SPOOL_DIR": str(spool)}, check=True)
    (frames,) = read_spool(spool).values()
    assert frames[0].header["not_watched"] == "no known runtime client was loaded"


def lose_frames(spool: Path) -> None:
    subprocess.run([*parts.agents_command("8", "LoseFrames"), str(spool)], check=True)


def test_frames_beyond_an_invocations_bound_are_counted(tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    lose_frames(spool)
    frames = [frame for frames in read_spool(spool).values() for frame in frames]
    assert [frame.kind for frame in frames[-3:]] == ["drops", "call_end", "call_end"]
    assert len([frame for frame in frames if frame.kind == "note"]) == 10_000
    assert frames[-3].header["frames"] == {"invocation_cap": 5}


def test_a_spool_that_nobody_reads_stops_growing(tmp_path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir(0o700)
    for number in range(9):
        with (spool / f"1-1-{number}.ready").open("wb") as file:
            file.truncate(8 << 20)
    lose_frames(spool)
    assert len(list(spool.iterdir())) == 9
