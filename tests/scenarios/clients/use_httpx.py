"""httpx, sync: over HTTP/1.1, or over HTTP/2 where the settings ask for it."""

import ssl

import httpx


def client_options(settings, transport):
    """The keyword arguments that the sync and the async client share."""
    verify = ssl.create_default_context(cafile=settings.trust)
    options = {"timeout": settings.timeout, "follow_redirects": True, "trust_env": False}
    pool = {"verify": verify, "http2": settings.http2, "http1": not settings.http2}
    if settings.limit:
        pool["limits"] = httpx.Limits(max_connections=settings.limit)
    if settings.retries:
        return dict(options, transport=transport(retries=settings.retries, trust_env=False, **pool))
    return dict(options, proxy=settings.proxy, **pool)


class Session:
    def __init__(self, settings, module):
        self.client = httpx.Client(**client_options(settings, httpx.HTTPTransport))

    def close(self):
        self.client.close()


def call(session, request):
    body = {"files": request.multipart} if request.multipart else {"content": request.body}
    options = dict(body, headers=request.headers)
    if request.reading == "whole":
        response = session.client.request(request.method, request.url, **options)
        return response.status_code, response.content
    message = session.client.build_request(request.method, request.url, **options)
    response = session.client.send(message, stream=True)
    return response.status_code, read(response, request)


def read(response, request):
    if request.reading == "unread":
        return b""
    pieces = []
    for piece in response.iter_bytes(1000):
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            break
    response.close()
    return b"".join(pieces)
