"""Handlers whose errors and answers are compared as Lambda gets them."""

import asyncio
import concurrent.futures
import decimal
import logging
import sys
import threading
import traceback


class OrderError(Exception):
    """Not picklable by its arguments, and with a text of its own."""

    def __init__(self, number, *, why):
        super().__init__(number)
        self.why = why

    def __str__(self):
        return f"order {self.args[0]}: {self.why} \N{SNOWMAN} \U0001f600"


def plain(event, context):
    raise ValueError("no such order")


def own_class(event, context):
    raise OrderError(7, why="gone")


def cause(event, context):
    try:
        int("x")
    except ValueError as error:
        raise OrderError(8, why="no number") from error


def handled_context(event, context):
    try:
        {}["missing"]
    except KeyError:
        raise RuntimeError("while handling")


def logged(event, context):
    try:
        cause(event, context)
    except OrderError:
        print(traceback.format_exc())
        logging.getLogger().exception("it failed")
        traceback.print_stack(file=sys.stdout)
        raise


def deep(event, context, level=40):
    if level:
        return deep(event, context, level - 1)
    raise ValueError("at the bottom")


def endless(event, context):
    return endless(event, context)


def in_thread(event, context):
    thread = threading.Thread(target=plain, args=(event, context), name="worker")
    thread.start()
    thread.join()
    return "the thread's error is in the log"


def in_pool(event, context):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(plain, event, context) for _ in range(3)]
    return [future.result() for future in futures]


def in_coroutine(event, context):
    async def work():
        await asyncio.sleep(0)
        plain(event, context)

    async def both():
        await asyncio.gather(work(), work())

    asyncio.run(both())


def group(event, context):
    if sys.version_info < (3, 11):
        return "no exception groups here"
    raise ExceptionGroup("several", [ValueError(1), OrderError(2, why="x")])


def unserialisable(event, context):
    return {"value": object()}


def returns(event, context):
    return {
        "none": None, "text": "ä\N{SNOWMAN}\U0001f600\x00\x7f", "decimal": decimal.Decimal("1.10"),
        "float": [1e300, 0.1, -0.0], "nested": [[[{}]]], "empty": "", "event": event,
    }  # fmt: skip


def large(event, context):
    return "x\N{SNOWMAN}" * 400_000


def nothing(event, context):
    return None


def logs(event, context):
    logger = logging.getLogger("mine")
    logger.setLevel(logging.DEBUG)
    logger.debug("debug %s", 1)
    logger.warning("two\nlines", extra={"order": 7})
    logging.getLogger().error("root")
    print("to stdout", flush=True)
    print("to stderr", file=sys.stderr)
    sys.stdout.write("no end of line")
    return [repr(handler) for handler in logging.getLogger().handlers]


def warns(event, context):
    import warnings

    warnings.warn("at your own risk", DeprecationWarning, stacklevel=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("again")
    return [str(entry.message) for entry in caught]
