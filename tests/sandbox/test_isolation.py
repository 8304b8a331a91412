"""The private root, what of the machine is seen in it, and the plain paths that stand in for it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aftercall.sandbox import Bind, Sandbox, SandboxConfig, SandboxError

KEPT = [Path(sys.executable).parts[2]] if sys.executable.startswith("/tmp/") else []
"""What functions see in their own /tmp, since their interpreter is in it."""

LOOK = """
import os, socket
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError as error:
        return type(error).__name__
def write(path):
    try:
        with open(path, "w") as file:
            file.write("x")
        return "written"
    except OSError as error:
        return error.strerror
def handler(event, context):
    return [eval(expression) for expression in event]
"""


def read(path):
    return Path(path).read_text()


def exists(path):
    return Path(path).exists()


def names(folder):
    return sorted(os.listdir(folder))


async def ask(sandbox, *expressions):
    outcome = await sandbox.invoke(list(expressions))
    assert outcome.status == "success", outcome.error
    return outcome.response_json


async def test_the_root_is_that_of_lambda(sandboxed, make_layer, plain_extension):
    layer = make_layer(one=plain_extension)
    (layer / "data").write_text("from the layer")
    async with sandboxed(LOOK, layers=[layer], isolation="namespaces") as sandbox:
        seen = await ask(
            sandbox,
            "read('/opt/data')",
            "os.listdir('/opt/extensions')",
            "os.listdir('/tmp')",
            "os.path.dirname(__file__)",
            "socket.gethostbyname('sandbox.localdomain')",
            "write('/opt/data')",
            "write('/var/task/app.py')",
            "write('/new')",
            "write('/tmp/new')",
            "os.listdir('/proc')[-1].isdigit() and os.getpid() < 100",
        )
    read_only = "Read-only file system"
    expected = [
        "from the layer",
        ["one"],
        KEPT,
        "/var/task",
        "127.0.0.1",
        read_only,
        read_only,
        read_only,
        "written",
        True,
    ]
    assert seen == expected


async def test_plain_paths_stand_in(sandboxed, make_layer, plain_extension, make_function):
    layer = make_layer(one=plain_extension)
    async with sandboxed(LOOK, layers=[layer], isolation="paths") as sandbox:
        seen = await ask(
            sandbox, "os.path.dirname(__file__)", "os.environ['TMPDIR']", "os.environ['AFTERCALL_SPOOL_DIR']"
        )
        assert seen == [str(make_function(LOOK)), sandbox.tmp, f"{sandbox.tmp}/aftercall"]
        assert sandbox.layout.locate("/opt/aftercall/wrapper") == f"{layer}/aftercall/wrapper"
        assert sandbox.notices == [f"plain paths: /opt is {layer}, /tmp is {sandbox.tmp}, by TMPDIR"]


async def test_names_resolver_and_binds(sandboxed, tmp_path):
    resolv_conf = tmp_path / "resolv.conf"
    resolv_conf.write_text("nameserver 127.0.0.2\n")
    data = tmp_path / "data"
    data.mkdir()
    settings = {
        "hosts": {"api.example": "127.0.0.7"},
        "resolv_conf": resolv_conf,
        "binds": [Bind(data, "/var/in"), Bind(data, "/tmp/out", writable=True)],
    }
    async with sandboxed(LOOK, **settings) as sandbox:
        seen = await ask(
            sandbox,
            "socket.gethostbyname('api.example')",
            "read('/etc/resolv.conf')",
            "write('/var/in/x')",
            "write('/tmp/out/y')",
        )
    assert seen == ["127.0.0.7", "nameserver 127.0.0.2\n", "Read-only file system", "written"]
    assert names(data) == ["y"]
    assert "nameserver 127.0.0.2" not in read("/etc/resolv.conf")


async def test_tmp_can_be_small(sandboxed):
    function = """
    def handler(event, context):
        try:
            with open("/tmp/big", "wb") as file:
                file.write(b"x" * (3 << 20))
        except OSError as error:
            return error.strerror
    """
    async with sandboxed(function, tmp_mb=2) as sandbox:
        assert (await sandbox.invoke({})).response_json == "No space left on device"
        assert names(sandbox.tmp) == sorted(["big", *KEPT])


async def test_an_interpreter_below_tmp_is_kept_visible_and_read_only(sandboxed, tmp_path):
    folder = tmp_path / "python"
    folder.mkdir()
    interpreter = folder / "python3"
    interpreter.symlink_to(sys.executable)
    program = folder / "runtime.py"
    lines = [
        "import sys, awslambdaric.__main__ as client",
        "sys.path.insert(0, '/var/task')",
        "client.main(['', 'app.handler'])",
    ]
    program.write_text("\n".join(lines))
    async with sandboxed(LOOK, command=[sys.executable, str(program)], isolation="namespaces") as sandbox:
        top = "/" + "/".join(tmp_path.parts[1:3])
        (notice,) = (notice for notice in sandbox.notices if notice.startswith(f"{top} "))
        assert notice.startswith(f"{top} holds what the runtime needs")
        assert "read-only" in notice
        assert await ask(sandbox, f"write({str(folder / 'new')!r})") == ["Read-only file system"]


async def test_mounts_without_a_pid_namespace(sandboxed, make_layer, plain_extension, monkeypatch):
    """Where /proc cannot be mounted, as in many containers: the warden is a subreaper then."""
    monkeypatch.setattr("aftercall.sandbox.sandbox.ISOLATIONS", ("mounts",))
    function = """
    import os, subprocess, sys
    def handler(event, context):
        daemon = "import os, time; os.fork() and os._exit(0); os.setsid(); time.sleep(600)"
        subprocess.run([sys.executable, "-c", daemon], check=True)
        return os.path.dirname(__file__)
    """
    async with sandboxed(function, layers=[make_layer(one=plain_extension)]) as sandbox:
        assert (await sandbox.invoke({})).response_json == "/var/task"
        assert sandbox.isolation == "mounts"
        assert [process.state for process in sandbox.processes()] == ["T", "T", "T"]
        await sandbox.shutdown()
        assert sandbox.processes() == []


def test_another_system_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="the sandbox needs Linux, this is darwin"):
        SandboxConfig(command=["x"], task_root=tmp_path).check()


async def test_processes_see_only_their_own_kind(sandboxed):
    function = "import os\ndef handler(event, context):\n    return [p for p in os.listdir('/proc') if p.isdigit()]\n"
    async with sandboxed(function, isolation="namespaces") as sandbox:
        assert len((await sandbox.invoke({})).response_json) == 2, "the warden and the runtime"


async def test_what_needs_namespaces_is_refused_with_plain_paths(sandboxed):
    with pytest.raises(SandboxError, match="tmp_mb needs namespaces"):
        async with sandboxed(tmp_mb=2, isolation="paths"):
            pass


async def test_the_mount_table_and_tmp_of_the_machine_stay_as_they_were(sandboxed, make_layer, plain_extension):
    mounts = read("/proc/self/mounts")
    async with sandboxed(layers=[make_layer(one=plain_extension)], isolation="namespaces") as sandbox:
        await sandbox.invoke({})
        assert read("/proc/self/mounts") == mounts


# 24 is PR_CAPBSET_DROP, 21 CAP_SYS_ADMIN: after the exec, root is as in most containers.
WITHOUT_SYS_ADMIN = """
import ctypes, os, sys
if len(sys.argv) == 3:
    assert ctypes.CDLL(None).prctl(24, 21, 0, 0, 0) == 0
    os.execv(sys.executable, [sys.executable, "-c", open(sys.argv[2]).read(), sys.argv[1]])
import asyncio
from aftercall.sandbox import Sandbox, SandboxConfig
async def main():
    command = [sys.executable, "-m", "awslambdaric", "app.handler"]
    async with Sandbox(SandboxConfig(command=command, task_root=sys.argv[1], timeout=20)) as sandbox:
        outcome = await sandbox.invoke({})
        print(sandbox.isolation, outcome.status, outcome.response_json)
asyncio.run(main())
"""


@pytest.mark.skipif(os.getuid() != 0, reason="any other user goes this way in all tests")
def test_a_user_namespace_gives_what_root_alone_may_not(make_function, tmp_path):
    function = make_function(
        "def handler(event, context):\n    return [open('/proc/self/uid_map').read().split(), __file__]\n"
    )
    program = tmp_path / "program.py"
    program.write_text(WITHOUT_SYS_ADMIN)
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_SYS_ADMIN, str(function), str(program)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    if result.stdout.startswith("paths"):
        pytest.skip("this machine permits no user namespaces")
    assert result.stdout == "namespaces success [['0', '0', '1'], '/var/task/app.py']\n", result.stderr


async def test_the_api_is_on_loopback_alone(sandboxed):
    async with sandboxed() as sandbox:
        host, port = sandbox.api_address.split(":")
        assert host == "127.0.0.1"
        with pytest.raises(SandboxError, match=f"port {port} of 127.0.0.1 cannot be had"):
            async with sandboxed(api_port=int(port)):
                pass
        with socket.socket() as sock, pytest.raises(OSError, match="refused"):
            sock.connect(("127.0.0.2", int(port)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"command": []}, "command is empty"),
        ({"command": ["./none"]}, "'./none' is not in the task root"),
        ({"command": ["no-such-program"]}, "not an executable on PATH"),
        ({"command": [sys.executable, "-m", "no_such_client"]}, "cannot import 'no_such_client'"),
        ({"timeout": 0}, "timeout 0 is not positive"),
        ({"task_root": "/no/such/folder"}, "is not a folder"),
        ({"environment": {"a=b": "c"}}, "'a=b' cannot be set"),
        ({"layers": ["/no/such/layer.zip"]}, "'/no/such/layer.zip' does not exist"),
        ({"binds": [Bind("/etc", "/usr/none/such")]}, "no environment can be made"),
    ],
)
async def test_what_cannot_work_is_one_line(tmp_path, settings, message):
    defaults = {"command": [sys.executable, "-m", "awslambdaric", "app.handler"], "task_root": tmp_path}
    with pytest.raises(SandboxError, match=message) as caught:
        async with Sandbox(SandboxConfig(**defaults | settings)):
            pass
    assert "\n" not in str(caught.value)
    assert not exists("/usr/none"), "nothing is made on the machine"
