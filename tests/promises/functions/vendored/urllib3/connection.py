"""As packages carry a copy of urllib3: hooked by the end of its name, the moment it is imported."""


class HTTPConnection:
    def connect(self):
        return "connected"
