"""Java functions in `aftercall run`: known by their files, run by the runtime interface client in their own lib/."""

import glob
import os
import re
import shutil
import subprocess
import zipfile

import click

_MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
_CLIENT = "aws-lambda-java-runtime-interface-client-*.jar"
# The collector and the compiler that Lambda names. Its -Xshare and heap size depend on the machine.
_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_GET_CLIENT = (
    "mvn dependency:copy -Dartifact=com.amazonaws:aws-lambda-java-runtime-interface-client:2.9.0 "
    "-DoutputDirectory=lib, and so aws-lambda-java-core:1.4.0, aws-lambda-java-serialization:1.2.0 "
    "and software.amazon.awssdk:utils-lite:2.34.0"
)


def is_java(handler: str, task_root: str) -> bool:
    """Whether the handler's class (`pkg.App`, `pkg.App::method`) stands in the folder or in a jar of lib/."""
    path = handler.partition("::")[0].replace(".", "/") + ".class"
    return os.path.isfile(os.path.join(task_root, path)) or any(_holds(jar, path) for jar in _jars(task_root))


def command(handler: str, task_root: str) -> list[str]:
    """The command line of the runtime client. What is missing is a click.UsageError of one line."""
    clients = glob.glob(os.path.join(task_root, "lib", _CLIENT))
    if not clients:
        raise click.UsageError(
            f"{handler} is a Java function, and {os.path.join(task_root, 'lib')} has no {_CLIENT}: {_GET_CLIENT}"
        )
    # Relative to where the function starts: its folder has another name there.
    jars = [os.path.relpath(jar, task_root) for jar in _jars(task_root)]
    return [java(), *_OPTIONS, "-classpath", ":".join(jars), _MAIN_CLASS, handler]


def java() -> str:
    """The `java` of JAVA_HOME, else of PATH."""
    at_home = os.path.join(os.environ.get("JAVA_HOME") or "/nowhere", "bin", "java")
    found = at_home if os.path.exists(at_home) else shutil.which("java")
    if found is None:
        raise click.UsageError(
            "java is not on PATH: apt-get install openjdk-17-jdk-headless (Debian, Ubuntu), or set JAVA_HOME"
        )
    return found


def runtime_name(interpreter: str) -> str:
    """`java17`, as Lambda names the runtime (8: `java8.al2`); empty where the version cannot be told."""
    try:
        told = subprocess.run([interpreter, "-version"], capture_output=True, text=True, check=True, timeout=20).stderr
    except (OSError, subprocess.SubprocessError) as error:
        raise click.UsageError(f"java {interpreter!r} does not start ({error}): set JAVA_HOME") from None
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None:
        return ""
    return "java8.al2" if version[1] == "8" else f"java{version[1]}"


def _jars(task_root: str) -> list[str]:
    return sorted(glob.glob(os.path.join(task_root, "lib", "*.jar")))


def _holds(jar: str, path: str) -> bool:
    try:
        with zipfile.ZipFile(jar) as archive:
            return path in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
