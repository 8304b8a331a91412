"""A disk that is full before, while and after something is recorded: no signal, and what has no room is counted."""

from __future__ import annotations

from .test_writer import TAKEN, WRITER

# On a disk of 700 KB: room for two segments.
PROGRAM = """
def fill():
    with open(disk + "/large", "ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                pass
def free():
    os.remove(disk + "/large")
def many(first, count):
    return [note(first + n, (("event", b"x" * 10_000),)) for n in range(count)]
disk = os.path.dirname(folder)

fill()
print("before", many(0, 2), writer.off, os.listdir(folder))
writer.begin_invocation()
print("still", many(10, 1), writer.off)
free()
writer.begin_invocation()
print("room", many(20, 3), writer.off)
fill()
print("full", many(30, 3), note(34, (("event", b"x" * 50_000),)), writer.off)
print("no next one", many(40, 40).count(True), writer.off)
take()
writer.begin_invocation()
print("the same again", many(90, 10).count(True), writer.off)
free()
writer.begin_invocation()
print("after", note(200, kind="call_end"), writer.off)
"""


def test_a_full_disk_costs_what_has_no_room_and_nothing_else(runner, python, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = runner.script(WRITER.format(wrapper=str(runner.wrapper)) + TAKEN + PROGRAM)
    mounted = f"mount -t tmpfs -o size=700k none {disk} && mkdir -m 700 {disk}/spool && exec {python} {script}"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted]
    done = runner.command(*command, wrapped=False, env=runner.environment(AFTERCALL_SPOOL_DIR=f"{disk}/spool"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "before [False, False] write []",
        "still [False] write",
        "room [True, True, True] None",
        "full [True, True, True] True None",
        "no next one 15 write",
        "the same again 10 None",
        "after True None",
    ]
