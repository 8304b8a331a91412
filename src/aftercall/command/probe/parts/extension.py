"""The probe in an extension's place: looks, registers, and writes what it saw to /tmp/aftercall-probe/extension.json.

It is written anew at each INVOKE. Python 3.9.
"""

import http.client
import http.server
import json
import os
import socket
import sys
import threading
import time

import kernel

FOLDER = "/tmp/aftercall-probe"
TICK = 0.02


def api(method, path, headers, body=None):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


class Seen:
    """All that was found; the threads write, the main loop stores it."""

    def __init__(self):
        self.facts = {**kernel.process(), "bells": [], "telemetry": [], "longest_pause": 0.0, "invocations": 0}

        self.done = threading.Event()

    def store(self):
        new = os.path.join(FOLDER, ".extension.new")
        with open(new, "w") as file:
            json.dump(self.facts, file)
        os.replace(new, os.path.join(FOLDER, "extension.json"))


def look():
    """Before it registers: nothing else runs yet in the environment."""
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    seen = Seen()
    seen.facts["oom_score_adj"] = kernel.can_write("/proc/self/oom_score_adj", "1000")
    try:
        seen.facts["nice_19"] = os.nice(19) == 19
    except OSError as error:
        seen.facts["nice_19"] = "False (%s)" % error.strerror
    seen.facts["autogroup_writable"] = kernel.can_write("/proc/self/autogroup", "19")
    seen.facts["autogroup_enabled"] = kernel.text_of("/proc/sys/kernel/sched_autogroup_enabled")
    try:
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        seen.facts["seqpacket"] = True
        for end in pair:
            end.close()
    except OSError as error:
        seen.facts["seqpacket"] = "False (%s)" % error.strerror
    return seen


def listen_to_bells(seen):
    try:
        descriptor = kernel.inotify_watch(FOLDER)
    except OSError as error:
        seen.facts["inotify"] = "False (%s)" % error.strerror
        return
    seen.facts["inotify"] = True

    def loop():
        while True:
            name = kernel.inotify_name(os.read(descriptor, 4096))
            if name.startswith("bell-"):
                # The function puts the nanoseconds of its rename into the name.
                seen.facts["bells"].append((time.time_ns() - int(name[5:])) / 1000)

    threading.Thread(target=loop, daemon=True).start()


def tick(seen):
    """The longest pause between two ticks is the freeze: by the wall, and by the clock that timers use."""
    wall, timers = time.time(), time.monotonic()
    while True:
        time.sleep(TICK)
        now, now_timers = time.time(), time.monotonic()
        if now - wall > seen.facts["longest_pause"]:
            seen.facts["longest_pause"] = now - wall
            seen.facts["longest_pause_of_timers"] = now_timers - timers
        wall, timers = now, now_timers


def listen_to_telemetry(seen):
    """The port, any that is free."""

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            kinds = [event.get("type") for event in json.loads(body)]
            seen.facts["telemetry"] += kinds
            if "platform.runtimeDone" in kinds:
                seen.done.set()
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            """Lines of it would come back as telemetry."""

    server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def subscribe(identifier, port):
    subscription = {
        "schemaVersion": "2025-01-29",
        "types": ["platform"],
        "buffering": {"maxItems": 1000, "maxBytes": 262144, "timeoutMs": 25},
        "destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:%d" % port},
    }
    return api("PUT", "/2022-07-01/telemetry", {"Lambda-Extension-Identifier": identifier}, subscription)[0]


def main():
    seen = look()
    listen_to_bells(seen)
    port = listen_to_telemetry(seen)
    name = {"Lambda-Extension-Name": sys.argv[1]}
    # A runtime that does not wait for us starts now, before we have asked.
    time.sleep(0.3)
    seen.facts["registering"] = time.clock_gettime(time.CLOCK_BOOTTIME)
    _, headers, _ = api("POST", "/2020-01-01/extension/register", name, {"events": ["INVOKE", "SHUTDOWN"]})
    identifier = headers["Lambda-Extension-Identifier"]
    seen.facts["subscribed"] = subscribe(identifier, port)
    seen.store()
    threading.Thread(target=tick, args=(seen,), daemon=True).start()
    while True:
        event = json.loads(
            api("GET", "/2020-01-01/extension/event/next", {"Lambda-Extension-Identifier": identifier})[2]
        )
        if event["eventType"] == "SHUTDOWN":
            return
        seen.facts["invocations"] += 1
        seen.done.clear()
        cpu, wall = time.process_time(), time.time()
        while time.time() - wall < 0.1:
            pass
        seen.facts["cpu_share"] = (time.process_time() - cpu) / (time.time() - wall)
        seen.store()
        # As aftercall does, the environment is held until the invocation is known to be over.
        seen.done.wait(5)
        seen.store()


main()
