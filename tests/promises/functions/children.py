"""Children of the function's process: what they see, and that nothing of ours changes them."""

import multiprocessing
import os
import subprocess
import sys

SEES = (
    "import json, os, sys, threading;"
    "print(json.dumps([sys.argv, getattr(sys, 'orig_argv', None), sys.path, dict(os.environ), repr(sys.flags),"
    "sorted(sys.modules), [repr(f) for f in sys.meta_path], threading.active_count(), sys.getrecursionlimit()]))"
)


def described():
    modules = sorted(name for name in sys.modules if not name.startswith(("_aftercall", "_contextvars")))
    return [sys.argv, sys.path, dict(os.environ), __name__, modules]


def by_subprocess(event, context):
    command = [sys.executable, "-c", SEES, "argument"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [done.returncode, done.stdout, done.stderr]


def by_module(event, context):
    done = subprocess.run([sys.executable, "-m", "this"], capture_output=True, text=True, check=False)
    return [done.returncode, done.stdout, done.stderr]


def by_shell(event, context):
    return subprocess.run("env | sort; echo $0 $#; ulimit -a; umask", shell=True, capture_output=True, text=True).stdout


def send(pipe, number):
    pipe.send([number, described()])
    if number == 3:
        sys.exit(9)


def by_multiprocessing(event, context):
    """`way` is fork, spawn or forkserver."""
    ways = multiprocessing.get_context(event["way"])
    answers = []
    for number in (1, 3):
        mine, theirs = ways.Pipe()
        process = ways.Process(target=send, args=(theirs, number))
        process.start()
        answers.append(mine.recv())
        process.join()
        answers.append(process.exitcode)
    if event["way"] == "forkserver":
        multiprocessing.forkserver._forkserver._stop()
    return [multiprocessing.get_start_method(), answers]


def by_pool(event, context):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        answers = pool.map(double, range(4))
        try:
            pool.map(double, [None])
        except TypeError as error:
            answers.append(repr(error.__cause__))
    return answers


def double(number):
    return number * 2


def forked_with_exec(event, context):
    reader, writer = os.pipe()
    if not os.fork():
        os.dup2(writer, 1)
        os.execv(sys.executable, [sys.executable, "-c", "print('in another program')"])
    os.close(writer)
    with os.fdopen(reader) as output:
        answer = output.read()
    return [answer, os.WEXITSTATUS(os.wait()[1])]


def forked_calls(event, context):
    """The child makes a call and leaves; the parent makes its own."""
    import calls

    child = os.fork()
    if not child:
        try:
            answer = calls.succeeds(event, context)
            os._exit(answer[0] - 200)
        except BaseException:
            os._exit(77)
    status = os.waitpid(child, 0)[1]
    return [os.WEXITSTATUS(status), calls.succeeds(event, context)]
