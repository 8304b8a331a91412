"""urllib.request with an opener of its own."""

import ssl
import urllib.error
import urllib.request

from use_http_client import read  # type: ignore[import-not-found]  # lies beside this script


class Session:
    def __init__(self, settings, module):
        proxies = {"http": settings.proxy, "https": settings.proxy} if settings.proxy else {}
        self.timeout = settings.timeout
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=settings.trust)),
        )

    def close(self):
        self.opener.close()


def call(session, request):
    message = urllib.request.Request(request.url, data=request.body, headers=request.headers, method=request.method)
    try:
        response = session.opener.open(message, timeout=session.timeout)
    except urllib.error.HTTPError as error:
        response = error
    return response.status, read(response, request)
