"""requests with one session."""

import requests
import requests.adapters
import urllib3


class Session:
    def __init__(self, settings, module):
        self.timeout = settings.timeout
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = settings.trust or True
        if settings.proxy:
            self.session.proxies = {"http": settings.proxy, "https": settings.proxy}
        tries = settings.retries
        retries = urllib3.Retry(total=tries, status_forcelist=[503], allowed_methods=None) if tries else 0
        adapter = requests.adapters.HTTPAdapter(
            pool_maxsize=settings.limit or 10, pool_block=bool(settings.limit), max_retries=retries
        )
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, adapter)

    def close(self):
        self.session.close()


def call(session, request):
    body = {"files": request.multipart} if request.multipart else {"data": request.body}
    options = dict(body, headers=request.headers, timeout=session.timeout, stream=request.reading != "whole")
    response = session.session.request(request.method, request.url, **options)
    return response.status_code, read(response, request)


def read(response, request):
    if request.reading == "whole":
        return response.content
    if request.reading == "unread":
        return b""
    pieces = []
    for piece in response.iter_content(1000):
        request.on_piece(piece)
        pieces.append(piece)
        if request.reading == "part":
            response.close()
            return piece
    return b"".join(pieces)
