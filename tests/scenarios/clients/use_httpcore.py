"""httpcore directly, sync."""

import ssl

import httpcore


def pool_options(settings):
    """The keyword arguments that the sync and the async pool share."""
    options = {"ssl_context": ssl.create_default_context(cafile=settings.trust), "retries": settings.retries}
    if settings.limit:
        options["max_connections"] = settings.limit
    if settings.proxy:
        options["proxy"] = httpcore.Proxy(settings.proxy)
    return options


def request_options(session, request):
    """Header fields, content and time-outs. httpcore adds no header field of its own: the caller frames the body."""
    headers = dict({"Host": httpcore.URL(request.url).host.decode()}, **request.headers)
    if isinstance(request.body, bytes):
        headers["Content-Length"] = str(len(request.body))
    elif request.body is not None:
        headers["Transfer-Encoding"] = "chunked"
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), session.settings.timeout)
    return {"headers": headers, "content": request.body, "extensions": {"timeout": timeout}}


class Session:
    def __init__(self, settings, module):
        self.settings = settings
        self.pool = httpcore.ConnectionPool(**pool_options(settings))

    def close(self):
        self.pool.close()


def call(session, request):
    options = request_options(session, request)
    if request.reading == "whole":
        response = session.pool.request(request.method, request.url, **options)
        return response.status, response.content
    extensions = options.pop("extensions")
    message = httpcore.Request(request.method, request.url, extensions=extensions, **options)
    response = session.pool.handle_request(message)
    return response.status, read(response, request)


def read(response, request):
    if request.reading == "unread":
        return b""
    pieces = []
    for piece in response.iter_stream():
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            pieces = [piece[:1000]]  # its pieces are as large as the socket gave them
            break
    response.close()
    return b"".join(pieces)
