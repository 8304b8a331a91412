"""What aftercall relies on: a row each, with what was found and whether it holds. Pure; Python 3.9.

`extension` and `function` are the facts that extension.py and app.py found, `second` tells whether this is at least the
second invocation of the environment: a freeze and the telemetry of an invocation are seen only then.
"""

import re

RECOGNISED = re.compile(r"(.*/)?(python|python3|python3\.\d{1,2}|node|nodejs|java)$")
"""The interpreters that aftercall/wrapper knows (runtime_wrappers/wrapper)."""

AOT = re.compile(r"-XX:AOT(Mode|Cache|CacheOutput|Configuration)=")


def rows(extension, function, second):
    """(assumption, found, True or False; None where it cannot be told yet), in the order of an environment's life."""
    yield _registered_first(extension, function)
    yield (
        "extension and function run as one user, so a folder of mode 0700 serves both",
        _both(extension, function, "uid"),
        extension["uid"] == function["uid"],
    )
    yield "the extension may lower its priority to nice 19", extension["nice_19"], extension["nice_19"] is True
    yield "it may set its oom_score_adj to 1000", extension["oom_score_adj"], extension["oom_score_adj"] is True
    yield _autogroup(extension, function)
    yield (
        "pids mean the same to both (else only file names rely on pids)",
        _both(extension, function, "pid_namespace"),
        extension["pid_namespace"] == function["pid_namespace"],
    )
    yield "AF_UNIX SOCK_SEQPACKET is there", extension["seqpacket"], extension["seqpacket"] is True
    yield _inotify(extension)
    yield "a rename in /tmp is atomic, appends go on after it", function["rename"], function["rename"] is True
    yield "/tmp", function["tmp"], None
    yield (
        "the Telemetry API accepts a subscription of an extension",
        extension["subscribed"],
        extension["subscribed"] == 200,
    )
    yield _telemetry(extension, second)
    yield _argv(function)
    yield _client(function)
    yield _freeze(extension, second)
    share = extension.get("cpu_share")
    yield "the extension's share of a core, busy beside the function", share and round(share, 2), None
    yield (
        "the extension's environment has no AWS_EXECUTION_ENV and no key that begins with _",
        _own_keys(extension),
        not _own_keys(extension),
    )
    yield "glibc is 2.26 or newer", function["glibc"], _version(function["glibc"]) >= (2, 26)


def of_java(options):
    """The row of the JVM's options. Beside an AOT cache (Java 24 on) it takes no agent."""
    found = [word for word in options.split() if AOT.match(word)]
    modes = [word for word in found if word.startswith("-XX:AOTMode=")]
    holds = not found or modes[-1:] == ["-XX:AOTMode=off"]
    return "the JVM takes an agent: no AOT cache is in use", " ".join(found) or "none is named", holds


def text(found):
    """A line for each row, as people read them."""
    words = {True: "holds", False: "DOES NOT HOLD", None: "-"}
    return ["%-13s  %s: %s" % (words[holds], assumption, value) for assumption, value, holds in found]


def _both(extension, function, name):
    return "%s and %s" % (extension[name], function[name])


def _registered_first(extension, function):
    # /proc counts starts in hundredths of a second.
    gap = function["started"] - extension["registering"]
    found = "runtime started %.0f ms after the request to register" % (gap * 1000)
    return "the runtime is started after every extension has registered", found, gap > -0.02


def _autogroup(extension, function):
    assumption = "autogroups are off, or the extension may set its own one's nice value"
    if extension["autogroup_enabled"] == "0" or extension["autogroup"].endswith("Error"):
        return assumption, "off", True
    found = "%s, function's %s, writable: %s" % (
        extension["autogroup"],
        function["autogroup"],
        extension["autogroup_writable"],
    )
    return assumption, found, extension["autogroup_writable"] is True


def _inotify(extension):
    assumption = "inotify in /tmp tells the extension of the function's renames"
    if extension["inotify"] is not True:
        return assumption, extension["inotify"], False
    if not extension["bells"]:
        return assumption, "no event came", False if extension["invocations"] > 1 else None
    return assumption, "%d events, the last after %.0f us" % (len(extension["bells"]), extension["bells"][-1]), True


def _telemetry(extension, second):
    kinds = sorted(set(extension["telemetry"]))
    holds = "platform.runtimeDone" in kinds
    return (
        "platform.runtimeDone arrives while the extension holds the environment",
        ", ".join(kinds) or "nothing",
        holds or (False if second else None),
    )


def _argv(function):
    argv = function["argv"]
    known = bool(argv) and bool(RECOGNISED.match(argv[0]))
    return "the wrapper knows the runtime's interpreter", " ".join(argv) or "the wrapper was not called", known


def _client(function):
    return "the runtime client is where the hooks expect it", function["client"], function["client_hookable"]


def _freeze(extension, second):
    pause = extension["longest_pause"]
    assumption = "the environment is frozen between invocations"
    if not second:
        return assumption, "seen from the second invocation on", None
    found = "longest pause %.2f s, on the clock of timers %.2f s" % (
        pause,
        extension.get("longest_pause_of_timers", 0.0),
    )
    return assumption, found, pause > 0.5


def _own_keys(extension):
    return [key for key in extension["environment"] if key.startswith("_") or key == "AWS_EXECUTION_ENV"]


def _version(glibc):
    found = re.search(r"(\d+)\.(\d+)", glibc or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)
