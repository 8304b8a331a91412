"""The process is killed from outside while a call is under way, as the kernel does when memory runs out."""

import os
import signal
import threading

import requests


def handler(event, context):
    requests.get(f"{os.environ['API']}/orders/42", timeout=5)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return requests.get(f"{os.environ['API']}/slow").json()
