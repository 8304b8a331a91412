"""urllib3 2.x, 1.26 and copies under other names: `module` says which."""


class Session:
    def __init__(self, settings, module):
        limits = {"maxsize": settings.limit or 10, "block": bool(settings.limit)}
        trust = {"cert_reqs": "CERT_REQUIRED", "ca_certs": settings.trust} if settings.trust else {}
        options = dict(limits, **trust)
        timeout = module.Timeout(connect=settings.timeout, read=settings.timeout)
        if settings.proxy:
            self.pool = module.ProxyManager(settings.proxy, timeout=timeout, **options)
        else:
            self.pool = module.PoolManager(timeout=timeout, **options)
        tries = settings.retries
        self.retries = module.Retry(
            total=None,
            connect=tries,
            read=tries,
            status=tries,
            other=0,
            redirect=5,
            status_forcelist=[503],
            allowed_methods=None,
        )

    def close(self):
        self.pool.clear()


def call(session, request):
    options = {"headers": request.headers, "retries": session.retries, "preload_content": request.reading == "whole"}
    if request.multipart:
        options["fields"] = request.multipart
    else:
        options["body"] = request.body
    response = session.pool.request(request.method, request.url, **options)
    return response.status, read(response, request)


def read(response, request):
    if request.reading == "whole":
        return response.data
    if request.reading == "unread":
        return b""
    if request.reading == "part":
        piece = response.read(1000)
        request.on_piece(piece)
        response.close()
        return piece
    pieces = []
    for piece in response.stream(1000):
        request.on_piece(piece)
        pieces.append(piece)
    response.release_conn()
    return b"".join(pieces)
