"""What aftercall relies on: a row each, with what was found and whether it holds. Pure; Python 3.9.

`extension` and `function` are the facts that extension.py and app.py found, `second` tells whether this is at least the
second invocation of the environment: a freeze and the telemetry of an invocation are seen only then.
"""

import re

RECOGNISED = re.compile(r"(.*/)?(python|python3|python3\.\d{1,2}|node|nodejs|java)$")
"""The interpreters that aftercall/wrapper knows (runtime_wrappers/wrapper)."""

AOT = re.compile(r"-XX:AOT(Mode|Cache|CacheOutput|Configuration)=")


def rows(extension, function, second):
    """(assumption, found, True or False; None where it cannot be told yet), in the order of an environment's life.

    What a fact is missing for, or has another shape than expected, was not seen to hold.
    """
    for assumption, judge in ASSUMPTIONS:
        try:
            found, holds = judge(extension, function, second)
        except Exception as error:
            found, holds = "cannot be told (%s: %s)" % (type(error).__name__, error), False
        yield assumption, found, holds


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


def _is_true(name):
    """The extension found that it is so, or why not."""
    return lambda extension, function, second: (extension[name], extension[name] is True)


def _is_the_same(name):
    return lambda extension, function, second: (
        "%s and %s" % (extension[name], function[name]),
        extension[name] == function[name],
    )


def _registered_first(extension, function, second):
    # /proc counts starts in hundredths of a second.
    gap = function["started"] - extension["registering"]
    return "runtime started %.0f ms after the request to register" % (gap * 1000), gap > -0.02


def _autogroup(extension, function, second):
    if extension["autogroup_enabled"] == "0" or extension["autogroup"].endswith("Error"):
        return "off", True
    found = "%s, function's %s, writable: %s" % (
        extension["autogroup"],
        function["autogroup"],
        extension["autogroup_writable"],
    )
    return found, extension["autogroup_writable"] is True


def _inotify(extension, function, second):
    if extension["inotify"] is not True:
        return extension["inotify"], False
    if not extension["bells"]:
        return "no event came", False if extension["invocations"] > 1 else None
    return "%d events, the last after %.0f us" % (len(extension["bells"]), extension["bells"][-1]), True


def _rename(extension, function, second):
    return function["rename"], function["rename"] is True


def _tmp(extension, function, second):
    return function["tmp"], None


def _subscribed(extension, function, second):
    return extension["subscribed"], extension["subscribed"] == 200


def _telemetry(extension, function, second):
    kinds = sorted(set(map(str, extension["telemetry"])))
    holds = "platform.runtimeDone" in kinds
    return ", ".join(kinds) or "nothing", holds or (False if second else None)


def _argv(extension, function, second):
    argv = function["argv"]
    return " ".join(argv) or "the wrapper was not called", bool(argv) and bool(RECOGNISED.match(argv[0]))


def _client(extension, function, second):
    return function["client"], function["client_hookable"] is True


def _freeze(extension, function, second):
    if not second:
        return "seen from the second invocation on", None
    pause = extension["longest_pause"]
    found = "longest pause %.2f s, on the clock of timers %.2f s" % (
        pause,
        extension.get("longest_pause_of_timers", 0.0),
    )
    return found, pause > 0.5


def _cpu_share(extension, function, second):
    share = extension.get("cpu_share")
    return share and round(share, 2), None


def _environment(extension, function, second):
    own = [key for key in extension["environment"] if key.startswith("_") or key == "AWS_EXECUTION_ENV"]
    return own, not own


def _glibc(extension, function, second):
    return function["glibc"], _version(function["glibc"]) >= (2, 26)


def _version(glibc):
    found = re.search(r"(\d+)\.(\d+)", glibc or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


ASSUMPTIONS = (
    ("the runtime is started after every extension has registered", _registered_first),
    ("extension and function run as one user, so a folder of mode 0700 serves both", _is_the_same("uid")),
    ("the extension may lower its priority to nice 19", _is_true("nice_19")),
    ("it may set its oom_score_adj to 1000", _is_true("oom_score_adj")),
    ("autogroups are off, or the extension may set its own one's nice value", _autogroup),
    ("pids mean the same to both (else only file names rely on pids)", _is_the_same("pid_namespace")),
    ("AF_UNIX SOCK_SEQPACKET is there", _is_true("seqpacket")),
    ("inotify in /tmp tells the extension of the function's renames", _inotify),
    ("a rename in /tmp is atomic, appends go on after it", _rename),
    ("/tmp", _tmp),
    ("the Telemetry API accepts a subscription of an extension", _subscribed),
    ("platform.runtimeDone arrives while the extension holds the environment", _telemetry),
    ("the wrapper knows the runtime's interpreter", _argv),
    ("the runtime client is where the hooks expect it", _client),
    ("the environment is frozen between invocations", _freeze),
    ("the extension's share of a core, busy beside the function", _cpu_share),
    ("the extension's environment has no AWS_EXECUTION_ENV and no key that begins with _", _environment),
    ("glibc is 2.26 or newer", _glibc),
)
"""In the order of an environment's life, each with its judge: (extension, function, second) -> (found, holds)."""
