"""Beside an AOT cache the agent stays away, with one line, wherever the JVM would find the option; else it comes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests import built_layer

from . import parts
from .test_boundary import EVENTS, check_frames, run
from .test_not_watched import lines_of_ours, without_ours

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = parts.OLDEST_AND_NEWEST[1]
CACHE = "-XX:AOTCache=/cache"

# What the options are, and whether the agent stays away.
OPTIONS = {
    CACHE: True,
    "-XX:AOTMode=on": True,
    f"-XX:AOTMode=on {CACHE}": True,
    f"{CACHE} -XX:AOTMode=auto": True,
    "-XX:AOTMode=record -XX:AOTConfiguration=/c": True,
    "-XX:AOTMode=create -XX:AOTConfiguration=/c": True,
    "-XX:AOTCacheOutput=/cache": True,
    f"-XX:AOTMode=off {CACHE} -XX:AOTMode=on": True,
    f"{CACHE} -XX:AOTMode=off": False,
    f"-XX:AOTMode=on {CACHE} -XX:AOTMode=off": False,
    "-XX:AOTMode=off": False,
    # Java 9 to 16 had another kind of AOT. These an agent does not break.
    "-XX:AOTLibrary=/a.so": False,
    "-Xshare:on -XX:SharedArchiveFile=/a.jsa": False,
    f"-Dnamed={CACHE}": False,
}


def in_variable(name: str):
    return lambda options, _: ([], {name: options}, [])


def in_env(options: str, _: Path):
    return ["env", f"JAVA_TOOL_OPTIONS={options}"], {}, []


def in_argv(options: str, _: Path):
    return [], {}, options.split()


def behind_a_path(options: str, _: Path):
    return [], {}, ["-cp", "a:b", *options.split()]


def in_argument_file(options: str, folder: Path):
    (folder / "words").write_text("# -XX:AOTMode=on\n-cp\n" + "\n".join(options.split()))
    return [], {}, [f"@{folder}/words"]


def in_argument_file_of_variable(options: str, folder: Path):
    (folder / "words").write_text(f"{options}\n")
    return [], {"JDK_JAVA_OPTIONS": f"-Da=b @{folder}/words"}, []


def in_options_file(options: str, folder: Path):
    (folder / "options").write_text(options)
    return [], {"JAVA_TOOL_OPTIONS": f"-XX:VMOptionsFile={folder}/options"}, []


def in_flags_file(options: str, folder: Path):
    (folder / "flags").write_text("\n".join(word.removeprefix("-XX:") for word in options.split()))
    return [], {}, [f"-XX:Flags={folder}/flags"]


def quoted(options: str, _: Path):
    words = " ".join(f'"{word}"' for word in options.split())
    return [], {"JAVA_TOOL_OPTIONS": f"-Da='b c' {words}"}, []


def quoted_within(options: str, _: Path):
    return [], {"JDK_JAVA_OPTIONS": options.replace("AOT", "A'O'T")}, []


PLACES = (
    in_argv,
    behind_a_path,
    in_variable("JAVA_TOOL_OPTIONS"),
    in_variable("JDK_JAVA_OPTIONS"),
    in_variable("_JAVA_OPTIONS"),
    in_env,
    in_argument_file,
    in_argument_file_of_variable,
    in_options_file,
    in_flags_file,
    quoted,
    quoted_within,
)


@pytest.fixture
def stand_in(tmp_path) -> Path:
    """A `java` that tells what it was given."""
    path: Path = tmp_path / "bin" / "java"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n')
    path.chmod(0o755)
    return path


def started(words: list[str], **environment: str) -> tuple[list[str], list[str]]:
    """(What java was given, lines of ours) under the wrapper."""
    command = ["sh", str(built_layer.wrapper("java") / "wrapper"), *words]
    kept = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.splitlines(), done.stderr.splitlines()


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("place", range(len(PLACES)))
def test_an_option_is_found_wherever_the_jvm_looks(place, options, stand_in, tmp_path) -> None:
    before, environment, arguments = PLACES[place](options, tmp_path)
    given, lines = started([*before, str(stand_in), *arguments, "Main", "argument"], **environment)
    assert given[-2:] == ["Main", "argument"]
    assert any(word.startswith("-javaagent:") for word in given) is not OPTIONS[options], lines
    assert len(lines) == OPTIONS[options], lines
    assert all("-XX:AOT" in line and "JAVA_TOOL_OPTIONS" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "environment", "away"),
    [
        (["-XX:AOTMode=off"], {"JAVA_TOOL_OPTIONS": "-XX:AOTMode=on"}, False),
        (["-XX:AOTMode=on"], {"JAVA_TOOL_OPTIONS": "-XX:AOTMode=off"}, True),
        (["-XX:AOTMode=on"], {"JDK_JAVA_OPTIONS": "-XX:AOTMode=off"}, True),
        (["-XX:AOTMode=on"], {"_JAVA_OPTIONS": "-XX:AOTMode=off"}, False),
        ([], {"JAVA_TOOL_OPTIONS": "-XX:AOTMode=on", "JDK_JAVA_OPTIONS": "-XX:AOTMode=off"}, False),
        ([CACHE], {"JAVA_TOOL_OPTIONS": "-XX:AOTMode=off"}, False),
    ],
)
def test_the_last_mode_counts(arguments, environment, away, stand_in) -> None:
    given, lines = started([str(stand_in), *arguments, "Main"], **environment)
    assert any(word.startswith("-javaagent:") for word in given) is not away, lines


def test_what_the_program_is_given_is_its_own(stand_in) -> None:
    given, lines = started([str(stand_in), "-cp", "@a", "Main", CACHE, "@b"])
    assert given[0].startswith("-javaagent:"), lines


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    """An AOT cache of AWS's runtime client, recorded without an agent in a JVM that has nobody to ask for events."""
    path: Path = tmp_path_factory.mktemp("aot") / "cache"
    java, *words = parts.runtime_command(NEWEST, "app.App")
    words = [word for word in words if not word.startswith("-Xshare:")]
    done = subprocess.run(
        [java, f"-XX:AOTCacheOutput={path}", *words], env={}, capture_output=True, text=True, check=False
    )
    assert path.exists(), done.stdout + done.stderr
    return path


@pytest.mark.parametrize("mode", ["on", "auto", "off"])
def test_a_function_with_a_cache_runs_as_without_us(mode, cache, tmp_path) -> None:
    options = (f"-XX:AOTMode={mode}", f"-XX:AOTCache={cache}")
    plain = run(NEWEST, "app.App", EVENTS, tmp_path, watched=False, options=options, without_share=True)
    watched = run(
        NEWEST, "app.App", EVENTS, tmp_path, options=options, without_share=True, waits_for_spool=mode == "off"
    )
    assert plain.posts
    assert (watched.posts, without_ours(watched)) == (plain.posts, plain.log)
    assert len(lines_of_ours(watched)) == (mode != "off")
    if mode == "off":
        check_frames(watched)
