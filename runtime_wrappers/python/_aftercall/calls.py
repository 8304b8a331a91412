"""One outgoing HTTP exchange, as every library's hooks tell it. The frames are those of SPOOL_FORMAT.md.

call = begin("urllib3", "GET", "http://example.com/", "example.com", 80)
call.stage("connect")         call_start with this stage; later changes are call_stage frames
call.responded(200)           call_response with what the captures hold
call.end()                    call_end, once
"""

from _contextvars import ContextVar
from posix import urandom
from time import time_ns

from . import spool
from .capture_rules import ALL, NOTHING, CaptureRules
from .spool import fields, quote

# A URL may be as long as a client likes; escaped, it must leave room in the header.
URL_CHARACTERS = 8192
ERROR_CHARACTERS = 1024

rules = CaptureRules()
# The call that connects or reads its response head in this context: what getaddrinfo and TLS handshakes add to.
current = ContextVar("aftercall_call", default=None)


def begin(library, method, url, host, port, proxy=None):
    """A Call of which nothing is written yet; None for the Runtime API's own traffic, which is not recorded at all."""
    capture = rules.of(host, port)
    if capture == NOTHING:
        return None
    return Call(library, method, url, proxy, capture == ALL)


class Call:
    """`request` and `response` are Captures or None, `request_part` and `response_part` what their bytes are.

    `request_size` and `response_size` are bytes of body, None where not known. `slow` means that sending may wait:
    the body is large, or it is made by the user's code while it is sent.
    """

    __slots__ = (
        "_moved",
        "_process",
        "_stage",
        "_time",
        "bodies",
        "decoded",
        "ended",
        "error",
        "has_response",
        "library",
        "method",
        "proxy",
        "request",
        "request_id",
        "request_part",
        "request_size",
        "response",
        "response_part",
        "response_size",
        "sent",
        "slow",
        "span_id",
        "url",
        "written",
    )

    def __init__(self, library, method, url, proxy, bodies):
        self._time = time_ns()
        self.span_id = urandom(
            8
        ).hex()  # not the user's random numbers; no two alike after a fork or a restored snapshot
        self.request_id = spool.writer.request_id
        self._process = spool.writer.start
        self.library, self.method, self.url, self.proxy, self.bodies = library, method, url, proxy, bodies
        self.request = self.response = None
        self.request_part, self.response_part = "request_wire", "response_wire"
        self.request_size = self.response_size = self.decoded = None
        self.written = self.ended = self.has_response = self.sent = self.slow = self._moved = False
        self._stage = self.error = None

    def target(self, method, url):
        """Name what the call is for, where it began (by connecting) before that was known."""
        self.method, self.url = method, url
        self._moved = self.written

    def stage(self, name):
        if name == self._stage or self.ended:
            return
        self._stage = name
        if not self.written:
            self._start(name)
            return
        tail = f',"span_id":"{self.span_id}","stage":"{name}"'
        if self._moved:
            self._moved = False
            tail += fields(method=self.method, url=self.url[:URL_CHARACTERS])
        spool.writer.write("call_stage", time_ns(), self.request_id, tail)

    def _start(self, stage):
        self.written = True
        tail = (
            f',"span_id":"{self.span_id}","library":"{self.library}","method":{quote(str(self.method))}'
            f',"url":{quote(self.url[:URL_CHARACTERS])},"stage":"{stage}"'
        )
        if self.proxy or not self.bodies:
            tail += fields(proxy=self.proxy, bodies=None if self.bodies else "excluded")
        spool.writer.write("call_start", self._time, self.request_id, tail)

    def responded(self, status, heads=()):
        """The response's head is here. `heads` are parts of their own, where the wire is not seen."""
        if self.ended or self.has_response:
            return
        if not self.written or self._moved:
            self.stage("response_head")
        self.has_response = True
        self._stage = "response_body"
        tail = f',"span_id":"{self.span_id}","status":{int(status)}'
        spool.writer.write("call_response", time_ns(), self.request_id, tail, self._parts(heads))

    def _parts(self, heads=()):
        if not self.bodies:
            return ()
        parts = list(heads)
        if self.request is not None:
            parts.append((self.request_part, self.request.take()))
        if self.response is not None:
            parts.append((self.response_part, self.response.take()))
        return parts

    def end(self, error=None, complete=True, heads=()):
        """The call is over, once. `heads` as in responded(), when no response came.

        A forked child that inherited it says nothing: it is its parent's.
        """
        if self.ended:
            return
        error = error or self.error
        if self._process != spool.writer.start:
            self.ended = True
            return
        if not self.written:
            self.stage("request")
        self.ended = True
        tail = f',"span_id":"{self.span_id}"'
        if self.request_size is not None:
            tail += f',"request_size":{self.request_size}'
        if self.response_size is not None:
            tail += f',"response_size":{self.response_size}'
        if self.decoded:
            tail += ',"decoded":true'
        if error is not None:
            tail += failure(error) + fields(stage=self._stage)
        if error is not None or not complete:
            tail += ',"complete":false'
        spool.writer.write("call_end", time_ns(), self.request_id, tail, self._parts(heads))

    def body_failed(self, error):
        """Reading the body failed below the library (a reset, a time-out)."""
        if self.has_response:
            self.end(error, complete=False)

    def __del__(self):
        try:
            if not self.ended and (self.written or self.sent):
                self.end(complete=False)
        except Exception:
            if spool is not None:  # at interpreter shutdown our own names may be gone
                spool.writer.count_fault("Call.__del__")


def failure(error):
    """`error_type` and `error_message` as header fields; `error` is an exception or a (type name, message) pair."""
    if isinstance(error, tuple):
        return fields(error_type=error[0], error_message=error[1])
    kind = type(error)
    module = kind.__module__
    name = kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
    try:
        message = str(error)[:ERROR_CHARACTERS]
    except Exception:
        message = ""
    return fields(error_type=name, error_message=message)
