"""The floor for the time after an invocation: says `done` when the bell has rung, and reads nothing."""

import os
import select
from _socket import AF_UNIX, SOCK_SEQPACKET, socket

descriptors = dict(word.split("=") for word in os.environ["AFTERCALL_LAUNCHER"].split())
events, bell = socket(AF_UNIX, SOCK_SEQPACKET, 0, int(descriptors["events"])), int(descriptors["bell"])
poll = select.poll()
poll.register(bell, select.POLLIN)
poll.register(events, select.POLLIN)
events.send(b"ready")
invoked = rung = False
while True:
    for descriptor, _ in poll.poll():
        if descriptor == bell:
            # Opened (IN_OPEN), and not taken from the spares: the first event's mask tells.
            rung = bool(int.from_bytes(os.read(bell, 65_536)[4:8], "little") & 0x20) or rung
        elif not (packet := events.recv(70_000)) or b'"SHUTDOWN"' in packet:
            os._exit(0)
        elif b'"INVOKE"' in packet:
            events.send(b"beat 60000")
            invoked = True
    if invoked and rung:
        invoked = rung = False
        events.send(b"done")
