"""httpcore directly, async."""

import httpcore
from use_httpcore import pool_options, request_options  # type: ignore[import-not-found]  # lies beside this script


class Session:
    def __init__(self, settings, module):
        self.settings = settings
        self.pool = httpcore.AsyncConnectionPool(**pool_options(settings))

    async def close(self):
        await self.pool.aclose()


async def call(session, request):
    options = request_options(session, request)
    if request.reading == "whole":
        response = await session.pool.request(request.method, request.url, **options)
        return response.status, response.content
    extensions = options.pop("extensions")
    message = httpcore.Request(request.method, request.url, extensions=extensions, **options)
    response = await session.pool.handle_async_request(message)
    return response.status, await read(response, request)


async def read(response, request):
    if request.reading == "unread":
        return b""
    pieces = []
    async for piece in response.aiter_stream():
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            pieces = [piece[:1000]]  # its pieces are as large as the socket gave them
            break
    await response.aclose()
    return b"".join(pieces)
