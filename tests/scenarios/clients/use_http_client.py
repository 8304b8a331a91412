"""http.client as it is: one connection for each origin and thread, by hand."""

import http.client
import ssl
import threading
from urllib.parse import urlsplit


class Session:
    def __init__(self, settings, module):
        self.settings = settings
        self.connections = threading.local()
        self.opened = []

    def connection(self, parts):
        held = self.connections.__dict__
        if parts.netloc not in held:
            held[parts.netloc] = self.connect(parts)
            self.opened.append(held[parts.netloc])
        return held[parts.netloc]

    def connect(self, parts):
        timeout = self.settings.timeout
        proxy = urlsplit(self.settings.proxy) if self.settings.proxy else None
        address = (proxy or parts).hostname, (proxy or parts).port
        if parts.scheme == "http":
            return http.client.HTTPConnection(*address, timeout=timeout)
        context = ssl.create_default_context(cafile=self.settings.trust)
        connection = http.client.HTTPSConnection(*address, timeout=timeout, context=context)
        if proxy:
            connection.set_tunnel(parts.hostname, parts.port)
        return connection

    def close(self):
        for connection in self.opened:
            connection.close()


def call(session, request):
    parts = urlsplit(request.url)
    connection = session.connection(parts)
    target = parts.path + ("?" + parts.query if parts.query else "")
    if session.settings.proxy and parts.scheme == "http":
        target = request.url
    connection.request(request.method, target, body=request.body, headers=request.headers)
    response = connection.getresponse()
    return response.status, read(response, request)


def read(response, request):
    if request.reading == "whole":
        return response.read()
    if request.reading == "unread":
        return b""
    pieces = [response.read(1000)]
    request.on_piece(pieces[0])
    if request.reading == "part":
        response.close()
        return pieces[0]
    while pieces[-1]:
        pieces.append(response.read(1000))
    return b"".join(pieces)
