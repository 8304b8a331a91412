"""The boundary: where awslambdaric's client gets an event from the Runtime API and posts what became of it.

Releases up to 2.x define the methods on LambdaRuntimeClient, later ones on BaseLambdaRuntimeClient. Python's client
runs one invocation at a time in a process (on Managed Instances too: there it forks).
"""

import sys

from .. import spool
from .._native import now, quoted
from ..calls import failure, rules
from ..capture_rules import ERROR_BYTES, variable
from ..install import point

open_invocation = None  # the request id that was given out and is not answered yet
invocations = 0


def next_before(client, _args, _kwargs):
    """Asked for the next event: an invocation that was never answered is over."""
    if open_invocation is not None:
        end_invocation("error", (), ',"error_type":"Runtime.NoAnswer"', open_invocation)
    return client


def next_after(_client, invocation, error):
    global open_invocation, invocations
    if error is not None:
        return
    invocations += 1
    open_invocation = invocation.invoke_id or ""
    writer = spool.writer
    if invocations == 1:
        restored(writer)
    writer.begin_invocation()
    writer.request_id = open_invocation
    event, size = part("event", invocation.event_body)
    deadline = invocation.deadline_time_in_ms
    tail = f',"number":{invocations},"event_size":{size}'
    if deadline:
        tail += f',"deadline":{int(deadline)}'
    for name, value in (("arn", invocation.invoked_function_arn), ("trace", invocation.x_amzn_trace_id)):
        if value is not None:
            tail += f',"{name}":{quoted(str(value))}'
    if rules.propagates:
        from ..trace_context import begin_invocation

        begin_invocation(open_invocation, invocation.event_body, invocation.x_amzn_trace_id)
    writer.write("invocation_start", now(), open_invocation, tail, (event,))


def restored(writer):
    """The environment may have been restored from a snapshot, together with others."""
    writer.renew()
    if variable("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        writer.give_up()


def part(name, body):
    """(the part of a frame, size in bytes): the first bytes of what goes over the Runtime API."""
    limit = ERROR_BYTES if name == "error" else rules.event_bytes
    if body is None:
        body = b""
    elif isinstance(body, str):
        if not body.isascii():
            body = body.encode("utf-8", "surrogatepass")
    elif type(body) is not bytes:
        size = len(body)
        return (name, bytes(body[:limit])), size
    return (name, body, limit), len(body)


def post_before(_client, args, kwargs):
    """(request id, body): their names have been the same in every release, and they come first."""
    request_id = args[0] if args else kwargs.get("invoke_id")
    body = args[1] if len(args) > 1 else kwargs.get("result_data", kwargs.get("error_response_data"))
    return request_id, body


def result_after(state, _result, error):
    request_id, body = state
    response, size = part("response", body)
    answered("ok", (response,), f',"response_size":{size}', request_id, error)


def error_after(state, _result, error):
    request_id, body = state
    answered("error", (part("error", body)[0],), "", request_id, error)


def answered(status, parts, tail, request_id, error):
    """The post has returned. When it failed, Lambda did not take the answer: that is an error of the invocation."""
    if error is not None:
        status, tail = "error", tail + failure(error)
    end_invocation(status, parts, tail, request_id)


def end_invocation(status, parts, tail, request_id):
    global open_invocation
    open_invocation = None
    spool.writer.write("invocation_end", now(), request_id, f',"status":"{status}"{tail}', parts)
    spool.writer.ring()


def init_error_before(_client, args, kwargs):
    return (args[0] if args else kwargs.get("error_response_data"),)


def init_error_after(state, _result, _error):
    body = state[0]
    if isinstance(body, dict):  # 3.x and later serialise it on the way
        from json import dumps

        body = dumps(body, default=str)
    parts = (part("error", body)[0],)
    spool.writer.write("invocation_end", now(), "", ',"status":"error","phase":"init"', parts)
    spool.writer.ring()


def installed(module):
    """Name the client in the process frame: `awslambdaric 4.2.2`."""
    package = module.__name__.rpartition(".")[0]
    version = getattr(sys.modules.get(package), "__version__", None)
    spool.writer.name_client(f"awslambdaric {version}" if version else "awslambdaric")


METHODS = (
    ("wait_next_invocation", next_before, next_after),
    ("post_invocation_result", post_before, result_after),
    ("post_invocation_error", post_before, error_after),
    ("post_init_error", init_error_before, init_error_after),
)
POINTS = {
    "awslambdaric.lambda_runtime_client": tuple(
        point(f"{name}.{method}", before, after)
        for name in ("BaseLambdaRuntimeClient", "LambdaRuntimeClient")
        for method, before, after in METHODS
    )
}
