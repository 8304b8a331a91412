"""httpx, async: over HTTP/1.1, or over HTTP/2 where the settings ask for it."""

import httpx
from use_httpx import client_options  # type: ignore[import-not-found]  # lies beside this script


class Session:
    def __init__(self, settings, module):
        self.client = httpx.AsyncClient(**client_options(settings, httpx.AsyncHTTPTransport))

    async def close(self):
        await self.client.aclose()


async def call(session, request):
    body = {"files": request.multipart} if request.multipart else {"content": request.body}
    options = dict(body, headers=request.headers)
    if request.reading == "whole":
        response = await session.client.request(request.method, request.url, **options)
        return response.status_code, response.content
    message = session.client.build_request(request.method, request.url, **options)
    response = await session.client.send(message, stream=True)
    return response.status_code, await read(response, request)


async def read(response, request):
    if request.reading == "unread":
        return b""
    pieces = []
    async for piece in response.aiter_bytes(1000):
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            break
    await response.aclose()
    return b"".join(pieces)
