"""What users' code does to its own process. Each answers with what it saw, the same with the layer and without."""

import builtins
import gc
import json
import os
import resource
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.request


def handler(event, context):
    return globals()[event["do"]](event["url"])


def call(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return [answer.status, len(answer.read())]


def goes_on(url):
    return [call(url), call(url)]


def closes_descriptors(url):
    """All but those of the runtime client, whose connection would be lost without us as well."""
    kept = {number for number in descriptors() if os.readlink(f"/proc/self/fd/{number}").startswith("socket:")}
    for number in range(3, 4096):
        if number not in kept:
            try:
                os.close(number)
            except OSError:
                pass
    return [call(url), len(kept)]


def descriptors():
    return [int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")]


def closes_all_descriptors(url):
    os.closerange(3, 65536)
    return call(url)


def empties_tmp(url):
    for name in os.listdir("/tmp"):
        path = f"/tmp/{name}"
        if not os.access(path, os.W_OK):  # the developer's checkout, when that lies in /tmp: bound read-only
            continue
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.unlink(path)
    return call(url)


def fills_tmp(url):
    with builtins.open("/tmp/large", "ab", buffering=0) as file:
        try:
            for size in (1 << 20, 1 << 12, 1):
                while file.write(b"x" * size) == size:
                    pass
        except OSError:
            pass
    return goes_on(url)


def clears_tmp(url):
    os.unlink("/tmp/large")
    return goes_on(url)


def forks(url):
    """Children that make calls and end, each in its way; and one that has no handler to go back to."""
    statuses = []
    for leave in (os._exit, sys.exit, lambda status: os.execv("/bin/sh", ["sh", "-c", f"exit {status}"])):
        child = os.fork()
        if not child:
            try:
                leave(call(url)[0] - 200)
            except BaseException:
                os._exit(5)
        statuses.append(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
    return [statuses, call(url)]


def daemonises(url):
    reader, writer = os.pipe()
    if not os.fork():
        os.setsid()
        if not os.fork():
            os.write(writer, str(call(url)[0]).encode())
            os.close(writer)
            while True:
                time.sleep(0.05)
                call(url)
        os._exit(0)
    os.wait()
    os.close(writer)
    return [os.read(reader, 100).decode(), call(url)]


def two_hundred_threads(url):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(call(url))) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [len(answers), [list(kind) for kind in sorted(set(map(tuple, answers)))]]


def lets_sigpipe_kill(url):
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    return goes_on(url)


def freezes_garbage(url):
    gc.freeze()
    gc.disable()
    return [goes_on(url), gc.get_freeze_count() > 0, gc.collect() >= 0]


def patches_what_it_can(url):
    """Who else calls these would be seen: their callers from /opt/aftercall are counted."""
    calls = []

    def watched(owner, name):
        original = getattr(owner, name)

        def replacement(*args, **kwargs):
            caller = sys._getframe(1).f_code.co_filename
            if "/aftercall/" in caller:
                calls.append([name, caller])
                raise RuntimeError("nobody but the user calls this")
            return original(*args, **kwargs)

        setattr(owner, name, replacement)

    for owner, names in (
        (builtins, ("open", "print", "isinstance", "len")),
        (os, ("open", "write", "rename", "getpid", "urandom", "listdir", "stat", "close")),
        (json, ("dumps", "loads")),
        (time, ("time", "time_ns", "monotonic", "perf_counter")),
        (socket, ("create_connection",)),
        (threading, ("Lock", "current_thread")),
    ):
        for name in names:
            if owner is not builtins or name == "open":
                watched(owner, name)

    class Socket(socket.socket):
        pass

    socket.socket = Socket
    return [goes_on(url), calls]


def traces(url):
    """Debuggers and coverage: of the user's own code they see the same."""
    seen = []

    def trace(frame, kind, argument):
        if frame.f_code.co_filename.startswith("/var/task"):
            seen.append([frame.f_code.co_name, kind, frame.f_lineno])
        return trace

    sys.settrace(trace)
    sys.setprofile(lambda frame, kind, argument: None)
    try:
        return [goes_on(url), seen, sys.gettrace() is trace]
    finally:
        sys.settrace(None)
        sys.setprofile(None)


def monitors(url):
    if sys.version_info < (3, 12):
        return "no sys.monitoring here"
    monitoring = sys.monitoring
    seen = []

    def started(code, offset):
        if code.co_filename.startswith("/var/task"):
            seen.append(code.co_name)

    monitoring.use_tool_id(monitoring.COVERAGE_ID, "mine")
    monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.PY_START, started)
    monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.PY_START)
    try:
        return [goes_on(url), seen]
    finally:
        monitoring.set_events(monitoring.COVERAGE_ID, 0)
        monitoring.free_tool_id(monitoring.COVERAGE_ID)


def forbids_all_modes(url):
    os.umask(0o777)
    return goes_on(url)


def allows_all_modes(url):
    os.umask(0)
    return [goes_on(url), modes()]


def modes():
    with open("/tmp/made", "w") as file:
        return oct(os.fstat(file.fileno()).st_mode & 0o777)


def changes_root(url):
    before = goes_on(url)  # what it imports is not there afterwards
    os.chroot("/var/task")
    return [before, goes_on(url), os.path.exists("/whatever.py")]


def changes_folder(url):
    os.chdir("/tmp")
    return [goes_on(url), os.getcwd()]


def limits_descriptors(url):
    used = max(descriptors())
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 3, used + 3))
    return [goes_on(url), used]
