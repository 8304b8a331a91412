"""Hands over an event and a response of 1 MB through the hooked client, and writes 1 MB to a file, in turn.

python bench_hand_over.py ROUNDS      under the wrapper, with AFTERCALL_EVENT_BYTES=1048576; prints {name: [ns of CPU]}

The client is awslambdaric's own, but for its C part, which would talk to the Runtime API. What it costs by itself (it
encodes the response) is taken off: it is run once more without its hooks. The time of unlinking is nobody's.
"""

import json
import os
import sys
import time

import awslambdaric.lambda_runtime_client as client_module

MEGABYTE = 1 << 20
SPOOL = os.environ["AFTERCALL_SPOOL_DIR"]
EVENT = b'"' + b"e" * (MEGABYTE - 2) + b'"'
RESPONSE = '"' + "r" * (MEGABYTE - 2) + '"'
HEADERS = {"Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-000000000001", "Lambda-Runtime-Deadline-Ms": "4"}


class NativePart:
    def __init__(self, event):
        self.event = event

    def next(self):
        return self.event, HEADERS

    def post_invocation_result(self, *_):
        pass


def cpu(action, *arguments):
    before = time.process_time_ns()
    action(*arguments)
    return time.process_time_ns() - before


def write_bare(data):
    descriptor = os.open(SPOOL + "/bare", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, data)
    os.close(descriptor)


def clear():
    """Everything was taken, as the extension says it."""
    for name in os.listdir(SPOOL):
        path = f"{SPOOL}/{name}"
        if name.endswith(".segment"):
            descriptor = os.open(path, os.O_RDWR)
            os.pwrite(descriptor, os.pread(descriptor, 4, 8), 32)
            os.close(descriptor)
        elif name == "bare":
            os.unlink(path)


def added(hooked, arguments, number):
    """What the hooks add to one call; every other time the call without them comes first."""
    if number % 2:
        return cpu(hooked, *arguments) - cpu(hooked.__wrapped__, *arguments)
    return -cpu(hooked.__wrapped__, *arguments) + cpu(hooked, *arguments)


def main(rounds):
    client_class = client_module.LambdaRuntimeClient
    client = client_class("127.0.0.1:9001")
    following, post = client_class.wait_next_invocation, client_class.post_invocation_result
    client_module.runtime_client = NativePart(EVENT)
    found: dict = {"event": [], "response": [], "bare": []}
    for number in range(rounds):
        found["event"].append(added(following, (client,), number))
        found["response"].append(added(post, (client, "8476a536-e9f4-11e8-9739-000000000001", RESPONSE), number))
        clear()
        found["bare"].append(cpu(write_bare, EVENT))
        clear()
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
