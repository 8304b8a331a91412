"""Runs a plan of scenarios with one client library and writes down what the library's user saw.

    python driver.py PLAN RESULTS       the plan is a JSON file, results are appended as JSON lines
    driver.handler(plan, context)       the same as a Lambda handler: returns the list of results

A plan: {"paths": [...], "client": "use_httpx", "module": "httpx", "steps": [step, ...]}
A step: {"scenario", "verb", "session", "request", "count"}, the middle two as SESSION and REQUEST below
A result: {"scenario", "calls": [outcome, ...], "seconds"}
An outcome: {"status", "bytes", "sha256"}, or {"exception", "text"} with the whole traceback as Python prints it

Verbs are coroutines for the synchronous libraries too: those never wait in them, so one `send` drives them to their end
and no event loop runs.
"""

# Blocking in a coroutine is what a synchronous client does; where an asynchronous one does, nothing else waits.
# ruff: noqa: ASYNC110, ASYNC222, ASYNC230, ASYNC240, ASYNC251

import asyncio
import concurrent.futures
import gc
import hashlib
import importlib
import inspect
import io
import json
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time
import traceback
from types import SimpleNamespace

SESSION = {"trust": None, "proxy": None, "timeout": 10, "retries": 0, "limit": None, "http2": False}
REQUEST: dict = {"method": "GET", "headers": {}, "reading": "whole", "aws": None, "multipart": None, "body": None}

BLOCK = b"".join(b"%09d\n" % line for line in range(10_000))


def main(plan_file, results_file):
    with open(plan_file) as file:
        plan = json.load(file)
    with open(results_file, "a") as results:
        for result in run(plan):
            results.write(json.dumps(result) + "\n")
            results.flush()


def handler(plan, context):
    return list(run(plan))


def run(plan):
    """Yield the result of each step. Sockets that a step left to the garbage collector are closed when it is over."""
    sys.path[0:0] = plan["paths"]
    client = importlib.import_module(plan["client"])
    module = importlib.import_module(plan["module"])
    gc.freeze()  # what is imported need not be looked at by each collection
    for step in plan["steps"]:
        start = time.monotonic()
        calls = drive(client, VERBS[step["verb"]](Subject(client, module, step)))
        gc.collect()
        yield {"scenario": step["scenario"], "calls": calls, "seconds": time.monotonic() - start}


def drive(client, coroutine):
    if inspect.iscoroutinefunction(client.call):
        return asyncio.run(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise RuntimeError("a synchronous client waited")


class Subject:
    """One scenario's step, with the library that it is run on."""

    def __init__(self, client, module, step):
        self.client = client
        self.module = module
        self.step = step
        self.settings = SimpleNamespace(**dict(SESSION, **step.get("session", {})))

    def open(self):
        return self.client.Session(self.settings, self.module)

    async def close(self, session):
        closing = session.close()
        if inspect.isawaitable(closing):
            await closing

    async def call(self, session, **changes):
        request = self.request(**changes)
        try:
            status, body = await resolved(self.client.call(session, request))
        except Exception as error:
            kind = type(error)
            return {"exception": kind.__module__ + "." + kind.__qualname__, "text": traceback.format_exc()}
        finally:
            if isinstance(request.body, io.IOBase):
                request.body.close()
        return {"status": status, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}

    def request(self, **changes):
        described = dict(REQUEST, **self.step["request"])
        request = SimpleNamespace(**dict(described, **changes))
        request.body = make_body(described["body"], inspect.iscoroutinefunction(self.client.call))
        if request.multipart:
            request.multipart = {name: (file, text.encode()) for name, (file, text) in request.multipart.items()}
        request.on_piece = Doorbell(described.get("ack"))
        return request


async def resolved(result):
    return await result if inspect.isawaitable(result) else result


class Doorbell:
    """Rings once, at the first piece of a body: the server sends the next piece only then."""

    def __init__(self, port):
        self.port = port

    def __call__(self, piece):
        if self.port and piece:
            socket.create_connection(("127.0.0.1", self.port)).close()
            self.port = None


def content(size):
    """`size` bytes in which each offset of the first 100,000 can be told from every other; then they repeat."""
    return (BLOCK * (size // len(BLOCK) + 1))[:size]


def make_body(body, is_async):
    """None, or what {"kind": bytes|file|iterator, "size": n} describes."""
    if body is None:
        return None
    whole = content(body["size"])
    if body["kind"] == "bytes":
        return whole
    if body["kind"] == "file":
        file = tempfile.TemporaryFile()  # noqa: SIM115  the call closes it
        file.write(whole)
        file.seek(0)
        return file
    pieces = [whole[start : start + 1500] for start in range(0, len(whole), 1500)]
    return async_iterator(pieces) if is_async else iter(pieces)


async def async_iterator(pieces):
    for piece in pieces:
        yield piece


async def once(subject):
    session = subject.open()
    outcome = await subject.call(session)
    gc.collect()
    await subject.close(session)
    return [outcome]


async def in_turn(subject):
    """`count` calls, one after the other, in one session."""
    session = subject.open()
    outcomes = [await subject.call(session) for _ in range(subject.step["count"])]
    await subject.close(session)
    return outcomes


async def gather(subject):
    """`count` calls at once as tasks of one event loop, each with its own number in the url."""
    session = subject.open()
    calls = [subject.call(session, url=subject.step["request"]["url"] + str(n)) for n in range(subject.step["count"])]
    outcomes = await asyncio.gather(*calls)
    await subject.close(session)
    return outcomes


async def threads(subject):
    """`count` calls at once in threads: with one session for all, or each with its own event loop."""
    shared = None if inspect.iscoroutinefunction(subject.client.call) else subject.open()
    start = threading.Barrier(subject.step["count"])

    async def one(number):
        session = shared or subject.open()
        start.wait()
        outcome = await subject.call(session, url=subject.step["request"]["url"] + str(number))
        if not shared:
            await subject.close(session)
        return outcome

    def in_thread(number):
        return drive(subject.client, one(number))

    with concurrent.futures.ThreadPoolExecutor(subject.step["count"]) as pool:
        futures = [pool.submit(in_thread, number) for number in range(subject.step["count"])]
        outcomes = [future.result() for future in futures]
    if shared:
        await subject.close(shared)
    return outcomes


def once_elsewhere(client, module, step):
    """What `once` returns, in a process or thread that has no event loop yet."""
    client, module = importlib.import_module(client), importlib.import_module(module)
    return drive(client, once(Subject(client, module, step)))


async def fork(subject):
    """One call in this process, one in a child made by os.fork, one in this process again."""
    before = await once(subject)
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with concurrent.futures.ThreadPoolExecutor(1) as pool:  # asyncio.run refuses a thread with a running loop
                outcome = pool.submit(once_elsewhere, subject.client.__name__, subject.module.__name__, subject.step)
                os.write(writing, json.dumps(outcome.result()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        inside = json.loads(pipe.read())
    os.waitpid(child, 0)
    return before + inside + await once(subject)


async def multiprocessing_fork(subject):
    return in_pool("fork", subject)


async def multiprocessing_spawn(subject):
    return in_pool("spawn", subject)


def in_pool(method, subject):
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        return pool.submit(once_elsewhere, subject.client.__name__, subject.module.__name__, subject.step).result()


async def behind(subject):
    """A call that can only wait for the free connection which an earlier call, to `blocker`, holds."""
    session = subject.open()
    blocker = {"url": subject.step["blocker"]}
    if inspect.iscoroutinefunction(subject.client.call):
        first = asyncio.ensure_future(subject.call(session, **blocker))
        while not os.path.exists(subject.step["blocked"]):
            await asyncio.sleep(0.01)
        return [await subject.call(session), await first]
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: drive(subject.client, subject.call(session, **blocker)))
        while not os.path.exists(subject.step["blocked"]):
            time.sleep(0.01)
        return [await subject.call(session), first.result()]


VERBS = {
    verb.__name__: verb
    for verb in (once, in_turn, gather, threads, fork, multiprocessing_fork, multiprocessing_spawn, behind)
}

if __name__ == "__main__":
    main(*sys.argv[1:])
