"""A root of the environment's own, in the mount namespace that the calling process is in.

A small tmpfs, every entry of the machine's root bound into it, and in place of some of them the environment's:

    /opt        the layers, read-only             /var/task   the function, read-only
    /tmp        a folder of its own               /etc/hosts  with sandbox.localdomain

Since the tmpfs is ours, mount points can be made that the machine lacks, and nothing is written to the machine.
"""

import errno
import os
from dataclasses import dataclass, field

from aftercall.sandbox import kernel_calls


@dataclass
class RootPlan:
    """Paths on the machine; travels to the warden as JSON.

    `kept` are folders below /tmp or /opt that the runtime needs (an interpreter, its packages): they are bound,
    read-only, where they were. `binds` are (source, target, writable).
    """

    mount_point: str
    tmp: str
    task_root: str
    hosts: str
    opt: str | None = None
    tmp_mb: int | None = None
    resolv_conf: str | None = None
    kept: list[str] = field(default_factory=list)
    binds: list[tuple[str, str, bool]] = field(default_factory=list)


def build(plan: RootPlan, *, own_proc: bool) -> None:
    """Build it and move into it. `own_proc`: the caller is in a PID namespace of its own, /proc shall show that one."""
    kernel_calls.mount("none", "/", None, kernel_calls.MS_REC | kernel_calls.MS_PRIVATE)
    root = plan.mount_point
    kernel_calls.mount("tmpfs", root, "tmpfs", kernel_calls.MS_NOSUID | kernel_calls.MS_NODEV, "mode=755,size=4m")
    _graft("/", root, without=("tmp", "opt", "var", "proc"))
    _graft("/var", f"{root}/var", without=("task", "runtime"))
    _mount_proc(f"{root}/proc", own_proc=own_proc)
    _bind_new(plan.task_root, f"{root}/var/task", read_only=True)
    os.makedirs(f"{root}/opt")
    if plan.opt is not None:
        _graft(plan.opt, f"{root}/opt", read_only=True)
    _mount_tmp(plan, root)
    for path in plan.kept:
        _bind_new(path, root + path, read_only=True)
    for source, target, writable in plan.binds:
        _check_place(root, target)
        _bind_new(source, root + target, read_only=not writable)
    # Sources must be opened before the old root is gone, targets found after it, since they may be absolute symlinks.
    files = [(plan.hosts, "/etc/hosts"), (plan.resolv_conf, "/etc/resolv.conf")]
    staged = [(_stage(source, root), target) for source, target in files if source is not None]
    os.chdir(root)
    kernel_calls.pivot_root_here()
    for name, target in staged:
        _bind_over(name, target)
    kernel_calls.mount("none", "/", None, kernel_calls.MS_REMOUNT | kernel_calls.MS_BIND | kernel_calls.MS_RDONLY)


def _graft(source: str, target: str, *, without: tuple[str, ...] = (), read_only: bool = False) -> None:
    """Bind every entry of `source` to one of the same name in `target`, a folder of ours."""
    os.makedirs(target, exist_ok=True)
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        if entry.name in without:
            continue
        if entry.is_symlink():
            os.symlink(os.readlink(entry.path), f"{target}/{entry.name}")
        else:
            _bind_new(entry.path, f"{target}/{entry.name}", read_only=read_only)


def _bind_new(source: str, target: str, *, read_only: bool = False) -> None:
    """Bind on a mount point that is made where it can be: in our own tmpfs or in the environment's /tmp."""
    try:
        if os.path.isdir(source):
            os.makedirs(target, exist_ok=True)
        elif not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise OSError(error.errno, f"no mount point {target} can be made: {error.strerror}") from error
    kernel_calls.bind(source, target, read_only=read_only)


def _check_place(root: str, target: str) -> None:
    """A mount point that is not there yet may be made in our own folders, never in one of the machine's."""
    if os.path.exists(root + target) or target.startswith("/tmp/"):  # noqa: S108 - the environment's
        return
    parent = os.path.dirname(root + target)
    while not os.path.exists(parent):
        parent = os.path.dirname(parent)
    if os.stat(parent).st_dev != os.stat(root).st_dev:
        raise OSError(errno.ENOENT, f"the mount point {target} is not there, and would have to be made on the machine")


def _mount_proc(target: str, *, own_proc: bool) -> None:
    os.makedirs(target)
    if own_proc:
        flags = kernel_calls.MS_NOSUID | kernel_calls.MS_NODEV | kernel_calls.MS_NOEXEC
        kernel_calls.mount("proc", target, "proc", flags)
    else:
        kernel_calls.bind("/proc", target)


def _mount_tmp(plan: RootPlan, root: str) -> None:
    target = os.path.join(root, "tmp")
    os.makedirs(target)
    if plan.tmp_mb is None:
        kernel_calls.bind(plan.tmp, target)
    else:
        flags = kernel_calls.MS_NOSUID | kernel_calls.MS_NODEV
        kernel_calls.mount("tmpfs", target, "tmpfs", flags, f"mode=1777,size={plan.tmp_mb}m")


def _stage(source: str, root: str) -> str:
    name = f"/.{os.path.basename(source)}"
    _bind_new(source, root + name, read_only=True)
    return name


def _bind_over(source: str, target: str) -> None:
    if not os.path.exists(target):
        raise FileNotFoundError(2, f"{target} does not exist on this machine and cannot be replaced")
    kernel_calls.bind(source, os.path.realpath(target), read_only=True)
    kernel_calls.unmount(source)
    os.unlink(source)
