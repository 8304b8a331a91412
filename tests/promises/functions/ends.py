"""Handlers that end their process, each in another way. What is printed at the end is part of it."""

import atexit
import os
import signal
import sys
import threading


class Leaves(BaseException):
    pass


def sys_exit(event, context):
    atexit.register(print, "registered first, said last", flush=True)
    atexit.register(print, "registered last, said first", flush=True)
    sys.exit(3)


def sys_exit_with_a_text(event, context):
    sys.exit("why it ends")


def sys_exit_in_thread(event, context):
    thread = threading.Thread(target=sys.exit, args=(5,))
    thread.start()
    thread.join()
    return "goes on"


def os_exit(event, context):
    atexit.register(print, "never said", flush=True)
    os._exit(4)


def abort(event, context):
    os.abort()


def terminated(event, context):
    os.kill(os.getpid(), signal.SIGTERM)


def interrupt(event, context):
    raise KeyboardInterrupt


def base_exception(event, context):
    raise Leaves("no Exception")


def segmentation_fault(event, context):
    os.kill(os.getpid(), signal.SIGSEGV)


def quits_while_a_thread_runs(event, context):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    quit(6)


def goes_on(event, context):
    return "in a new process"
