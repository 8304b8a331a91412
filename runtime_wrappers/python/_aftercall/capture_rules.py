"""What of a call may be captured: sizes from the environment, and hosts whose bodies are never written.

The hosts are those of SPOOL_FORMAT.md, "Never written".
"""

from posix import environ

MOST_BYTES = 1 << 20
SECRET_SERVICES = frozenset(
    name + suffix for name in ("secretsmanager", "ssm", "kms", "sts") for suffix in ("", "-fips")
)
AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu")
CREDENTIAL_HOSTS = frozenset(("169.254.170.2", "169.254.170.23", "169.254.169.254", "fd00:ec2::23", "fd00:ec2::254"))

NOTHING, HEAD_ONLY, ALL = 0, 1, 2


def variable(name, default=""):
    return environ.get(name.encode(), default.encode()).decode("utf-8", "replace").strip()


def spool_folder():
    """Where the launcher made the spool; a path that it always refuses becomes one that is not a folder."""
    folder = (variable("AFTERCALL_SPOOL_DIR") or "/tmp/aftercall").rstrip("/")
    return folder if folder[:1] == "/" else "/dev/null"


def size(name, default):
    """Bytes from the environment, 1 MiB at most; anything but a number means the default (the extension says so)."""
    text = variable(name)
    if not text.isascii() or not text.isdigit():
        return default
    return min(int(text[:9]), MOST_BYTES)


ERROR_BYTES = 262144
"""Of an error post: a stack trace is worth more than an event."""


class CaptureRules:
    """The rules of one process, read from its environment when the wrapper is installed."""

    def __init__(self):
        self.call_bytes = size("AFTERCALL_CAPTURE_BYTES", 4096)
        # Never less: trace, trigger and outcome are found in them. The extension cuts what it shows.
        self.event_bytes = max(size("AFTERCALL_EVENT_BYTES", 65536), 65536)
        self.runtime_api = variable("AWS_LAMBDA_RUNTIME_API").lower()
        # AWS's Parameters and Secrets extension hands out secrets over plain HTTP on this port.
        self.secrets_extension = ":" + (variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT") or "2773")
        self.excluded = [name.lower() for name in variable("AFTERCALL_EXCLUDE_HOSTS").replace(",", " ").split()]
        self.propagates = variable("AFTERCALL_PROPAGATE").lower() in ("true", "1")
        self.known = {}

    def of(self, host, port):
        """NOTHING (Runtime API), HEAD_ONLY (a call without bodies) or ALL."""
        key = (host, port)
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= 1000:
                self.known.clear()
            found = self.known[key] = self._of(str(host).lower().strip("[]").rstrip("."), str(port))
        return found

    def _of(self, host, port):
        if self.runtime_api in (host + ":" + port, host if port == "80" else None):
            return NOTHING
        if host in CREDENTIAL_HOSTS or any(matches(host, port, name) for name in self.excluded):
            return HEAD_ONLY
        if host in ("localhost", "127.0.0.1", "::1") and self.secrets_extension == ":" + port:
            return HEAD_ONLY
        if host.endswith(AWS_DOMAINS) and not SECRET_SERVICES.isdisjoint(host.split(".")):
            return HEAD_ONLY
        return ALL


def matches(host, port, name):
    """`example.com`, `example.com:8080`, `.example.com` and `*.example.com` (all below it)."""
    name = name.lstrip("*")
    if name[:1] == ".":
        return host.endswith(name)
    return name in (host, host + ":" + port)
