"""The cases of test_function_never_notices.py, as data. One sandbox plays a batch, an invocation for each case."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.promises.servers import LIBRARIES
from tests.promises.side_by_side import Function

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Case:
    """An invocation: `do` names what answers it, `{way}` in a value is the URL of that server.

    It must have come where it was meant to: `status` is the outcome's, `tells` a pattern in what caller and log see; ""
    where releases of a client differ. `calls` is how many the record has at least; `recorded` is False where there is
    no record. `source`: the function's whole code, app.py, in batches of such.
    """

    name: str
    do: str = ""
    event: dict[str, Any] = field(default_factory=dict)
    status: str = "success"
    tells: str = ""
    calls: int = 0
    recorded: bool = True
    source: str = ""


@dataclass(frozen=True)
class Batch:
    function: Function
    cases: Sequence[Case]


def each(module: str, *names: str, **same: Any) -> list[Case]:
    return [Case(name, f"{module}.{name}", **same) for name in names]


SEES = each(
    "sees",
    "interpreter", "environment", "imports", "distributions", "process", "stack", "recursion", "context",
    "context_variables",
)  # fmt: skip
ANSWERS = [
    *each("raises", "in_thread", "returns", "large", "nothing", "logs", "warns"),
    Case("plain", "raises.plain", {}, "error", "ValueError.*no such order"),
    Case("own_class", "raises.own_class", {}, "error", "OrderError.*order 7: gone"),
    Case("cause", "raises.cause", {}, "error", "OrderError.*no number"),
    Case("handled_context", "raises.handled_context", {}, "error", "RuntimeError.*while handling"),
    Case("logged", "raises.logged", {}, "error", "direct cause of the following(?s:.*)it failed"),
    Case("deep", "raises.deep", {}, "error", "at the bottom"),
    Case("endless", "raises.endless", {}, "error", "RecursionError"),
    Case("in_pool", "raises.in_pool", {}, "error", "concurrent/futures"),
    Case("in_coroutine", "raises.in_coroutine", {}, "error", "run_until_complete"),
    Case("group", "raises.group", {}, "", "ExceptionGroup|no exception groups here"),
    Case("unserialisable", "raises.unserialisable", {}, "error", "Runtime.MarshalError"),
]
# Those whose log shows how it is written.
LOGS = ("plain", "logged", "logs", "warns", "in_thread", "unserialisable", "endless")
WAYS = {
    "refused": "Connection refused|Connect call failed|EndpointConnectionError|ConnectError",
    "dns": "gaierror|name resolution|Name or service not known|EndpointConnectionError",
    "tls": "CERTIFICATE_VERIFY_FAILED",
    "not_tls": "WRONG_VERSION_NUMBER|record layer failure|timed out|[Tt]imeout",
    "timeout": "[Tt]imed out|[Tt]imeout",
    "status": "500|InternalError",
    "reset": "reset by peer|disconnected|ReadError|Connection was closed|RemoteDisconnected",
    "garbage": "BadStatusLine|Protocol|Bad status line|BadHttpMessage|illegal|parse|closed",
    "cut": "",
}
SENDS_BODIES = ("http.client", "urllib", "urllib3", "requests", "httpx", "httpx-async", "aiohttp")


def failing(library: str, way: str) -> Case:
    """urllib3 1.26 does not look whether a body is whole, and its callers do not either."""
    if way == "cut":
        return call(way, "fails", library, way, status="")
    return call(way, "fails", library, way, status="error", tells=f"Traceback(?s:.*)({WAYS[way]})")


def call(name: str, do: str, library: str, way: str, **more: Any) -> Case:
    event: dict[str, Any] = {"library": library, "url": f"{{{way}}}"}
    if way in ("timeout", "not_tls") and do != "interrupted":
        event["seconds"] = 0.4
    return Case(f"{name}-{library}", f"calls.{do}", event, calls=1, **more)


CALLS = [
    *(call("ok", "succeeds", library, "ok", tells="200") for library in LIBRARIES),
    *(failing(library, way) for way in WAYS for library in LIBRARIES),
    *(call("in_thread", "in_thread", library, "refused", tells="in thread caller") for library in LIBRARIES),
    *(
        call("retried", "retried_by_the_function", library, "refused", status="error", tells="given up")
        for library in LIBRARIES
    ),
    *(call("interrupted", "interrupted", library, "timeout", status="error", tells="Rang") for library in LIBRARIES),
    *(
        call("body_fails", "body_fails", library, "ok", status="error", tells="from the body(?s:.*)after the body")
        for library in SENDS_BODIES
    ),
    # Nothing is left behind: descriptors, threads, handlers, modules.
    *each("sees", "process", "imports"),
]
CHILDREN = [
    *each("children", "by_subprocess", "by_module", "by_shell", "by_pool", "forked_with_exec"),
    *(Case(f"by_{way}", "children.by_multiprocessing", {"way": way}) for way in ("fork", "spawn", "forkserver")),
    *(
        Case(f"forked_calls-{library}", "children.forked_calls", {"library": library, "url": "{ok}"}, calls=2)
        for library in ("http.client", "requests", "httpx")
    ),
    *each("sees", "process"),
]
ENDS = [
    Case("sys_exit", "ends.sys_exit", {}, "crash", "exit status 3(?s:.*)said first(?s:.*)said last"),
    Case("sys_exit_with_a_text", "ends.sys_exit_with_a_text", {}, "crash", "exit status 1(?s:.*)why it ends"),
    Case("sys_exit_in_thread", "ends.sys_exit_in_thread", tells="goes on"),
    Case("os_exit", "ends.os_exit", {}, "crash", "exit status 4"),
    Case("abort", "ends.abort", {}, "crash", "signal: aborted"),
    Case("terminated", "ends.terminated", {}, "crash", "signal: terminated"),
    Case("interrupt", "ends.interrupt", {}, "crash", "signal: interrupt(?s:.*)KeyboardInterrupt"),
    Case("base_exception", "ends.base_exception", {}, "crash", "exit status 1(?s:.*)ends.Leaves: no Exception"),
    Case("segmentation_fault", "ends.segmentation_fault", {}, "crash", "signal: segmentation fault"),
    Case("quits_while_a_thread_runs", "ends.quits_while_a_thread_runs", {}, "crash", "exit status 6"),
    Case("goes_on", "ends.goes_on", tells="in a new process"),
]
HANDLER = "\ndef handler(event, context):\n    return 'handled'\n"


def at_import(name: str, source: str, tells: str, status: str = "error") -> Case:
    """A process that ends in a suppressed init takes its invocation along: no extension ever hears of that one."""
    return Case(name, source=source + HANDLER, tells=tells, status=status, recorded=status == "error")


IMPORTS = [
    at_import("syntax error", "def other(event, context)\n    return 1\n", "Runtime.UserCodeSyntaxError"),
    at_import("indentation error", "def other(event, context):\nreturn 1\n", "UserCodeSyntaxError.*indent"),
    at_import("bytes that are no UTF-8", "x = '\udce9'\n", "(?i:utf-8)", status=""),
    at_import("missing module", "import numpie", "ImportModuleError.*numpie"),
    at_import("missing name", "from json import dump_all", "ImportModuleError.*dump_all"),
    Case("missing handler", source="def handle(event, context): pass\n", status="error", tells="HandlerNotFound"),
    at_import("error at import", "def start():\n    return 1 / 0\nstart()", "ZeroDivisionError"),
    at_import(
        "error with its cause",
        "try:\n    {}['a']\nexcept KeyError as e:\n    raise OSError(2, 'no') from e",
        "No such|no",
    ),
    at_import("call at import", "import urllib.request\nurllib.request.urlopen('{refused}')", "refused"),
    at_import("client at import", "import requests\nrequests.get('{refused}')", "Max retries exceeded"),
    at_import("sys.exit at import", "import sys\nsys.exit(4)", "exit status 4", "crash"),
    at_import("os._exit at import", "import os\nos._exit(5)", "exit status 5", "crash"),
    at_import("killed at import", "import os\nos.kill(os.getpid(), 9)", "signal: killed", "crash"),
    at_import("base exception at import", "raise KeyboardInterrupt", "interrupt", "crash"),
    at_import("prints at import", "print('at import')\nimport warnings\nwarnings.warn('w')\n1/0", "at import(?s:.*)w"),
    # From here on there is a process: nothing is imported any more.
    Case("handler that is no function", source="handler = 1\n", status="error", tells="not callable"),
]
ANY = Function("any_case.handler")


def wrong(handler: str, tells: str) -> Batch:
    return Batch(Function(handler), [Case(handler, status="error", tells=tells)])


BATCHES = {
    "sees": Batch(ANY, SEES),
    "in an image": Batch(replace(ANY, launch="image"), [*SEES, *(case for case in ANSWERS if case.name in LOGS)]),
    "older packages": Batch(
        replace(ANY, packages="older"),
        [
            Case("versions", "sees.versions", tells=r"2\.0\.1.*1\.26\.18.*2\.31\.0"),
            *each("sees", "distributions", "imports"),
            *(failing(library, way) for way in WAYS for library in ("urllib3", "requests")),
        ],
    ),
    "answers": Batch(ANY, ANSWERS),
    "log in JSON": Batch(
        replace(ANY, settings={"log_format": "JSON"}), [case for case in ANSWERS if case.name in LOGS]
    ),
    "calls": Batch(ANY, CALLS),
    "children": Batch(ANY, CHILDREN),
    "ends": Batch(ANY, ENDS),
    "imports": Batch(Function("app.handler"), IMPORTS),
    "no dot": wrong("app", "MalformedHandlerName"),
    "no module": wrong("no_such_module.handler", "ImportModuleError"),
    "no folder": wrong("folder/any_case.handler", "ImportModuleError"),
    "relative": wrong(".any_case.handler", "TypeError"),
}
