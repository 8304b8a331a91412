"""A Python part for the launcher's tests: speaks PROTOCOL.md, keeps a journal, and behaves as its test wants.

    part.py JOURNAL BEHAVIOUR

BEHAVIOUR is a file that may define `start(part)` (before `ready`), `invoke(part, event)` and `end(part, event)` in
place of the good ones below.
"""

import json
import os
import socket
import sys
import time

PACKET_BYTES = 1 << 17


class Part:
    def __init__(self, journal):
        self.journal = journal
        words = dict(word.split("=") for word in os.environ["AFTERCALL_LAUNCHER"].split())
        self.descriptors = {name: int(number) for name, number in words.items()}
        self.socket = socket.socket(fileno=self.descriptors["events"])
        self.incarnation = 0
        self.events = 0

    def note(self, what, **more):
        line = json.dumps(
            {"what": what, "pid": os.getpid(), "incarnation": self.incarnation, "at": time.monotonic(), **more}
        )
        with open(self.journal, "a") as file:
            file.write(line + "\n")

    def receive(self):
        packet = self.socket.recv(PACKET_BYTES)
        if not packet:
            os._exit(0)
        return json.loads(packet)

    def say(self, message):
        self.socket.send(message.encode())

    def die(self):
        os.kill(os.getpid(), 9)


def start(part):
    pass


def invoke(part, event):
    part.say("beat 200")
    part.say("done")


def end(part, event):
    part.say("bye")
    sys.exit(0)


def main():
    with open(sys.argv[2]) as file:
        exec(file.read(), globals())
    part = Part(sys.argv[1])
    first = part.receive()
    part.incarnation = first["incarnation"]
    part.note("INIT", packet=first, variable=os.environ["AFTERCALL_LAUNCHER"])
    start(part)
    part.say("ready")
    while True:
        event = part.receive()
        part.events += 1
        part.note(event["eventType"], packet=event)
        (end if event["eventType"] == "SHUTDOWN" else invoke)(part, event)


main()
