"""What can happen to the spool while a call is under way. Each answers with what the call gave."""

import http.client
import os
from urllib.parse import urlsplit

SPOOL = "/tmp/aftercall"


def handler(event, context):
    parts = urlsplit(event["url"])
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.request("GET", "/orders")
    answer = connection.getresponse()
    undo = globals()[event["do"]]()
    try:
        sizes = [len(answer.read())]
        # On the same connection, since there may be no descriptor for another.
        for _ in range(event["more"]):
            connection.request("GET", "/orders")
            sizes.append(len(connection.getresponse().read()))
        return sizes
    finally:
        undo()


def all_is_well():
    return lambda: None


def disk_is_full():
    with open("/tmp/large", "wb", buffering=0) as file:
        try:
            for size in (1 << 20, 1 << 12, 1):
                while file.write(b"x" * size) == size:
                    pass
        except OSError:
            pass
    return lambda: os.unlink("/tmp/large")


def no_descriptors():
    taken = []
    try:
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    return lambda: [os.close(number) for number in taken]


def not_permitted():
    """Root may do everything: as another user, for that time."""
    os.chmod(SPOOL, 0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)

    def undo():
        if is_root:
            os.seteuid(0)
        os.chmod(SPOOL, 0o700)

    return undo


def folder_is_gone():
    os.rename(SPOOL, SPOOL + "-away")
    return lambda: os.rename(SPOOL + "-away", SPOOL)
