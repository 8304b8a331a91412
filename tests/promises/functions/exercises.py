"""What passes the hooks of each library, and what the user's code sees of it: statuses, sizes, errors."""

import asyncio
import gc
import http.client
import importlib
import io
import os
import ssl
import sys
from urllib.parse import urlsplit


def seen(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__qualname__}: {str(error)[:60]}"


def trusting(urls):
    return ssl.create_default_context(cadata=urls["trust"])


def idle(urls):
    return "nothing"


def raises(urls):
    raise ValueError("no such order")


def imports(urls):
    for name in ("vendored", "vendored.urllib3", "vendored.urllib3.connection"):
        sys.modules.pop(name, None)
    return importlib.import_module("vendored.urllib3.connection").HTTPConnection().connect()


# http.client


def connection_to(url, **more):
    parts = urlsplit(url)
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=20, **more)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)


def ask(connection, body=None, read=lambda answer: len(answer.read()), **more):
    try:
        connection.request("POST" if body else "GET", "/orders", body, **more)
        answer = connection.getresponse()
        return [answer.status, read(answer)]
    finally:
        connection.close()


def http_client(urls):
    small = bytearray(10)
    tunnel = connection_to(urls["tunnel"].replace("http:", "https:"), context=trusting(urls))
    tunnel.set_tunnel("origin.test", 443)
    impatient = connection_to(urls["half"])
    impatient.timeout = 0.2
    return [
        ask(connection_to(urls["ok"].replace("127.0.0.1", "localhost"))),
        ask(connection_to(urls["ok"]), b"bytes"),
        ask(connection_to(urls["ok"]), io.BytesIO(b"a file")),
        ask(connection_to(urls["ok"]), io.StringIO("text"), headers={"Content-Length": "4"}),
        ask(connection_to(urls["ok"]), iter([b"one", b"two"]), encode_chunked=True),
        ask(connection_to(urls["chunked"])),
        ask(connection_to(urls["chunked"]), read=lambda answer: answer.readinto(small)),
        ask(connection_to(urls["chunked"]), read=lambda answer: answer.close()),
        ask(connection_to(urls["until_close"])),
        ask(connection_to(urls["tls"], context=trusting(urls))),
        ask(tunnel),
        seen(ask, connection_to(urls["cut"])),
        seen(ask, connection_to(urls["cut_chunked"])),
        seen(ask, connection_to(urls["cut"]), None, lambda answer: answer.readinto(bytearray(5000))),
        seen(ask, connection_to(urls["cut_chunked"]), None, lambda answer: answer.readinto(bytearray(5000))),
        seen(ask, connection_to(urls["refused"])),
        seen(ask, impatient),
    ]


# urllib3


def by_urllib3(urls):
    import urllib3

    answers = []
    context = trusting(urls)
    context.check_hostname = False  # 1.26 cannot do it for an address
    with urllib3.HTTPConnectionPool("127.0.0.1", urlsplit(urls["ok"]).port, maxsize=1, block=True) as pool:
        answers.append(pool.request("GET", "/orders").data.decode()[:20])
        answers.append(pool.request("POST", "/orders", body=io.BytesIO(b"a file")).status)
    with urllib3.PoolManager(retries=False, ssl_context=context) as manager:
        answers.append(manager.request("GET", urls["tls"]).status)
        stream = manager.request("GET", urls["chunked"], preload_content=False)
        answers.append(sum(map(len, stream.stream(100))))
        answers.append(seen(lambda: manager.request("GET", urls["cut_chunked"]).status).partition("(")[0])
        answers.append(seen(manager.request, "GET", urls["refused"]).partition("(")[0].partition(": <")[0])
    with urllib3.ProxyManager(urls["tunnel"], ssl_context=context, retries=False) as proxy:
        answers.append(proxy.request("GET", "https://origin.test/orders").status)
    return answers


# httpcore, by httpx


def by_httpx(urls):
    import httpx

    def blocks():
        yield b"one"
        yield b"two"

    answers = []
    for http2 in (False, True):
        with httpx.Client(verify=trusting(urls), http2=http2, trust_env=False, timeout=20) as client:
            url = urls["h2"] if http2 else urls["ok"].replace("127.0.0.1", "localhost")
            answers.append(len(client.get(url).text))
            answers.append(client.post(url, content=blocks()).status_code)
            answers.append(seen(client.get, urls["refused"]))
            answers.append(client.get(urls["tls"]).status_code)
    return [*answers, without_a_pool(urls)]


def without_a_pool(urls):
    import httpcore

    parts = urlsplit(urls["ok"])
    with httpcore.HTTPConnection(httpcore.Origin(b"http", b"127.0.0.1", parts.port)) as connection:
        return connection.request("GET", urls["ok"] + "/orders").status


def by_httpx_async(urls):
    import httpx

    async def blocks():
        yield b"one"
        yield b"two"

    async def calls(http2):
        async with httpx.AsyncClient(verify=trusting(urls), http2=http2, trust_env=False, timeout=20) as client:
            url = urls["h2"] if http2 else urls["ok"].replace("127.0.0.1", "localhost")
            answers = [len((await client.get(url)).text), (await client.post(url, content=blocks())).status_code]
            return [*answers, (await client.get(urls["tls"])).status_code]

    async def without_a_pool():
        import httpcore

        parts = urlsplit(urls["ok"])
        async with httpcore.AsyncHTTPConnection(httpcore.Origin(b"http", b"127.0.0.1", parts.port)) as connection:
            return (await connection.request("GET", urls["ok"] + "/orders")).status

    return [asyncio.run(calls(False)), asyncio.run(calls(True)), asyncio.run(without_a_pool())]


# aiohttp


def by_aiohttp(urls):
    return asyncio.run(aiohttp_calls(urls))


async def aiohttp_calls(urls):
    import aiohttp

    async def blocks():
        yield b"one"
        yield b"two"

    async def get(session, url, **more):
        async with session.get(url, **more) as answer:
            return [answer.status, len(await answer.read())]

    async def cut(session):
        try:
            return await get(session, urls["cut"])
        except aiohttp.ClientPayloadError as error:
            return type(error).__name__

    async def refused(session):
        try:
            return await get(session, urls["refused"])
        except aiohttp.ClientConnectorError as error:
            return type(error).__name__

    answers = []
    connector = aiohttp.TCPConnector(limit=1, ssl=trusting(urls))
    async with aiohttp.ClientSession(connector=connector) as session:
        local = urls["ok"].replace("127.0.0.1", "localhost")
        answers += await asyncio.gather(get(session, local), get(session, local))
        answers.append((await session.post(urls["ok"], data=blocks())).status)
        answers.append((await session.post(urls["ok"], data=b"x" * 100_000)).status)
        answers.append(await get(session, urls["chunked"]))
        answers.append(await get(session, urls["tls"]))
        answers.append(await get(session, "https://origin.test/orders", proxy=urls["tunnel"]))
        answers.append(await cut(session))
        answers.append(await refused(session))
        dropped = await session.get(urls["chunked"])
        dropped.close()
        del dropped
        released = await session.get(urls["chunked"])
        released.release()
    answers.append(await over_a_unix_socket(aiohttp))
    gc.collect()
    return answers


async def over_a_unix_socket(aiohttp):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    path = f"/tmp/socket-{os.getpid()}"
    if os.path.exists(path):
        os.unlink(path)
    server = await asyncio.start_unix_server(serve, path)
    async with server, aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as session:
        async with session.get("http://any/") as answer:
            return [answer.status, await answer.text()]
