"""Calls by each client library. `event` has library and url; what a call raises is logged whole and raised again."""

import asyncio
import inspect
import signal
import sys
import threading
import time
import traceback

SECONDS = 20
BOTO3_CLIENTS = {}
# Where blocking sockets and event loops wait: http.client's, httpcore's, asyncio's.
WAITS = ("/socket.py", "/httpcore/_backends/sync.py", "/selectors.py")


class Rang(Exception):
    """No library takes this for an error of the connection's."""


def handler_of(library):
    return globals()["by_" + library.replace(".", "_").replace("-", "_")]


def fails(event, context):
    try:
        return succeeds(event, context)
    except BaseException:
        print(traceback.format_exc())
        raise


def succeeds(event, context):
    global SECONDS
    SECONDS = event.get("seconds", 20)
    return handler_of(event["library"])(event["url"], event.get("body"))


def in_thread(event, context):
    thread = threading.Thread(target=succeeds, args=(event, context), name="caller")
    thread.start()
    thread.join()
    return "its error is in the log"


def retried_by_the_function(event, context):
    """Each failure is the context of the next, and all are the cause of the last."""

    def attempt(left):
        try:
            return succeeds(event, context)
        except Exception:
            if left:
                return attempt(left - 1)
            raise

    try:
        return attempt(2)
    except Exception as error:
        print(traceback.format_exc())
        raise RuntimeError("given up") from error


def interrupted(event, context):
    """What time-out libraries do: a signal handler raises in the middle of a call."""

    def ring(number, frame):
        raise Rang("the alarm")

    previous = signal.signal(signal.SIGALRM, ring)
    threading.Thread(target=interrupt_when_it_waits, args=(threading.main_thread().ident,)).start()
    try:
        return fails(event, context)
    finally:
        signal.signal(signal.SIGALRM, previous)


def interrupt_when_it_waits(thread):
    """Send the signal when that thread has stood for a while where a socket is waited for: nowhere else, however slow."""
    stands, place = 0, None
    while stands < 10:
        time.sleep(0.03)
        frame = sys._current_frames()[thread]
        now = (id(frame), frame.f_lasti)
        stands = stands + 1 if now == place and frame.f_code.co_filename.endswith(WAITS) else 0
        place = now
        del frame
    signal.pthread_kill(thread, signal.SIGALRM)


def blocks(seen):
    """A body made while it is sent: it looks at who asks for it, and fails in the end."""
    yield b"first"
    seen += [f"{entry.filename.rpartition('/')[2]} {entry.function}" for entry in inspect.stack()]
    yield b"second"
    raise LookupError("from the body")


def body_fails(event, context):
    seen = []
    try:
        handler_of(event["library"])(event["url"], blocks(seen))
    except Exception:
        print(traceback.format_exc())
    print(seen)
    raise RuntimeError("after the body")


# One for each library: (url, body or None) -> a JSON-able answer.


def by_http_client(url, body):
    import http.client
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=SECONDS)
    connection.request("POST" if body else "GET", parts.path, body)
    answer = connection.getresponse()
    if answer.status >= 400:
        raise http.client.HTTPException(f"status {answer.status}")
    return [answer.status, answer.read().decode(), sorted(answer.getheaders())]


def by_urllib(url, body):
    import urllib.request

    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=SECONDS) as answer:
        return [answer.status, answer.read().decode(), sorted(answer.getheaders())]


def by_urllib3(url, body):
    import urllib3

    retries = urllib3.Retry(1, backoff_factor=0, status_forcelist=[500])
    with urllib3.PoolManager(timeout=SECONDS, retries=retries) as pool:
        answer = pool.request("POST" if body else "GET", url, body=body)
        return [answer.status, answer.data.decode(), sorted(answer.headers.items())]


def by_requests(url, body):
    import requests
    import requests.adapters

    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=1))
        answer = session.request("POST" if body else "GET", url, data=body, timeout=SECONDS)
        answer.raise_for_status()
        return [answer.status_code, answer.text, sorted(answer.headers.items())]


def by_boto3(url, body):
    import boto3
    import botocore.config

    if (url, SECONDS) not in BOTO3_CLIENTS:
        config = botocore.config.Config(
            connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 1}, proxies={}
        )
        BOTO3_CLIENTS[url, SECONDS] = boto3.client("sqs", endpoint_url=url, config=config)
    answer = BOTO3_CLIENTS[url, SECONDS].list_queues()
    return [answer["ResponseMetadata"]["HTTPStatusCode"], sorted(answer["ResponseMetadata"]["HTTPHeaders"].items())]


def by_httpx(url, body):
    import httpx

    with httpx.Client(timeout=SECONDS, trust_env=False) as client:
        answer = client.request("POST" if body else "GET", url, content=body)
        answer.raise_for_status()
        return [answer.status_code, answer.text, sorted(answer.headers.items())]


def by_httpx_async(url, body):
    import httpx

    async def call():
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            answer = await client.request(
                "POST" if body else "GET", url, content=None if body is None else slowly(body)
            )
            answer.raise_for_status()
            return [answer.status_code, answer.text, sorted(answer.headers.items())]

    return asyncio.run(call())


def by_aiohttp(url, body):
    import aiohttp

    async def call():
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session:
            data = None if body is None else slowly(body)
            async with session.request("POST" if body else "GET", url, data=data) as answer:
                return [answer.status, await answer.text(), sorted(answer.headers.items())]

    return asyncio.run(call())


async def slowly(body):
    for block in [body.encode()] if isinstance(body, str) else body:
        yield block
