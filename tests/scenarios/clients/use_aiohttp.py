"""aiohttp's client."""

import ssl

import aiohttp


class Session:
    def __init__(self, settings, module):
        self.settings = settings
        self.context = ssl.create_default_context(cafile=settings.trust)
        connector = aiohttp.TCPConnector(limit=settings.limit or 100, ssl=self.context)
        timeout = aiohttp.ClientTimeout(total=None, connect=settings.timeout, sock_read=settings.timeout)
        self.session = aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def close(self):
        await self.session.close()


async def call(session, request):
    headers = dict(request.headers)
    expect = headers.pop("Expect", None) is not None
    data = form(request.multipart) if request.multipart else request.body
    options = {"headers": headers, "data": data, "expect100": expect, "proxy": session.settings.proxy}
    response = await session.session.request(request.method, request.url, **options)
    if request.reading == "unread":
        return response.status, b""
    try:
        return response.status, await read(response, request)
    finally:
        response.close() if request.reading == "part" else response.release()


def form(multipart):
    data = aiohttp.FormData()
    for name, (filename, content) in multipart.items():
        data.add_field(name, content, filename=filename)
    return data


async def read(response, request):
    if request.reading == "whole":
        return await response.read()
    pieces = []
    async for piece in response.content.iter_chunked(1000):
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            break
    return b"".join(pieces)
