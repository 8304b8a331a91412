# mypy: ignore-errors
"""_native.Hook with awaits=True: the awaitable that stands in for a coroutine."""

import asyncio
import collections.abc
import contextlib
import contextvars
import gc
import inspect
import traceback
import types
import warnings
import weakref

from _aftercall._native import Hook
from subjects import UserError, faults, hooked, kept_after, raises, seen


async def add(a, b):
    await asyncio.sleep(0)
    return a + b


def awaited(function, before=None, after=None):
    return hooked(function, before, after, awaits=True)


async def test_before_runs_at_the_first_step_and_after_at_the_end():
    calls, before, after = seen()
    coroutine = awaited(add, before, after)(1, 2)
    assert calls == []
    assert await coroutine == 3
    assert calls == [("before", None, (1, 2), {}), ("after", "state", 3, None)]


async def test_errors_are_those_of_the_coroutine():
    async def fail():
        await asyncio.sleep(0)
        raise ValueError("no")

    async def text_of(function):
        try:
            await function()
        except ValueError:
            return traceback.format_exc()

    calls, before, after = seen()
    wrapped = awaited(fail, before, after)
    assert await text_of(wrapped) == await text_of(fail)
    assert await text_of(awaited(wrapped, before, after)) == await text_of(fail)
    assert calls[1][3] is ValueError


async def test_a_coroutine_to_every_driver():
    coroutine = awaited(add)(1, 2)
    plain = add(1, 2)
    assert asyncio.iscoroutine(coroutine)
    assert inspect.iscoroutine(coroutine)
    assert inspect.isawaitable(coroutine)
    assert isinstance(coroutine, collections.abc.Coroutine)
    assert isinstance(coroutine, types.CoroutineType)
    assert repr(coroutine).startswith("<coroutine object add")
    assert coroutine.__name__ == "add"
    assert coroutine.__qualname__ == "add"
    assert coroutine.cr_code is plain.cr_code
    assert inspect.getcoroutinestate(coroutine) == "CORO_CREATED"
    raises(AttributeError, getattr, coroutine, "nonsense")
    weakref.ref(coroutine)
    plain.close()
    assert await asyncio.gather(coroutine, asyncio.ensure_future(awaited(add)(3, 4))) == [3, 7]
    assert inspect.iscoroutinefunction(awaited(add))
    assert await asyncio.wait_for(asyncio.shield(asyncio.create_task(awaited(add)(5, 6))), 5) == 11


async def test_send_throw_and_close_by_hand():
    @types.coroutine
    def steps():
        try:
            got = yield "first"
            yield got
        except KeyError as error:
            yield f"caught {error.args[0]}"
        return (1, 2)

    async def main():
        return await steps()

    for make in (main, awaited(main)):
        coroutine = make()
        raises(TypeError, coroutine.send, "to a coroutine that has not started")
        assert coroutine.send(None) == "first"
        assert coroutine.send("hello") == "hello"
        assert coroutine.throw(KeyError("x")) == "caught x"
        assert raises(StopIteration, coroutine.send, None).value == (1, 2)
        assert "cannot reuse" in str(raises(RuntimeError, coroutine.send, None))
        coroutine.close()
        coroutine = make()
        coroutine.send(None)
        coroutine.close()
        assert "cannot reuse" in str(raises(RuntimeError, coroutine.send, None))


async def test_a_second_waiter_is_refused_in_the_same_words():
    async def wait_for(coroutine):
        return await coroutine

    async def message(coroutine):
        first = asyncio.create_task(wait_for(coroutine))
        await asyncio.sleep(0)
        try:
            await wait_for(coroutine)
        except RuntimeError as error:
            first.cancel()
            return str(error)

    assert await message(awaited(add)(1, 2)) == await message(add(1, 2))


async def test_cancellation():
    calls, before, after = seen()
    started = asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(awaited(wait, before, after)())
    await started.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert calls[1] == ("after", "state", None, asyncio.CancelledError)
    never = asyncio.create_task(awaited(wait, before, after)())
    never.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await never
    assert len(calls) == 2  # cancelled before its first step: nothing began


async def test_time_outs():
    calls, before, after = seen()
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(awaited(asyncio.sleep, before, after)(60), 0.01)
    assert calls[1][3] is asyncio.CancelledError


def test_close_drop_and_never_awaited():
    calls, before, after = seen()
    wrapped = awaited(add, before, after)
    coroutine = wrapped(1, 2)
    coroutine.send(None)
    coroutine.close()
    assert calls[1][3] is GeneratorExit
    coroutine = wrapped(1, 2)
    coroutine.send(None)
    del coroutine
    assert calls[3][3] is GeneratorExit
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wrapped(1, 2)
        gc.collect()
    assert [str(warning.message) for warning in caught] == ["coroutine 'add' was never awaited"]
    wrapped(1, 2).close()
    assert len(calls) == 4


def test_finally_blocks_run_before_after():
    order = []

    async def original():
        try:
            await asyncio.sleep(0)
        finally:
            order.append("finally")

    coroutine = awaited(original, lambda *_: "s", lambda *_: order.append("after"))()
    coroutine.send(None)
    del coroutine
    assert order == ["finally", "after"]


def test_a_cycle_is_ended_and_collected():
    calls, before, after = seen()

    class Holder:
        pass

    async def original(holder):
        await asyncio.sleep(0)

    holder = Holder()
    holder.coroutine = awaited(original, before, after)(holder)
    holder.coroutine.send(None)
    reference = weakref.ref(holder)
    calls.clear()
    del holder
    gc.collect()
    assert reference() is None
    assert [call[0] for call in calls] == ["after"]


async def test_faults_are_swallowed():
    assert await awaited(add, lambda *_: 1 / 0, None)(1, 2) == 3
    assert await awaited(add, None, lambda *_: 1 / 0)(1, 2) == 3
    assert len(faults) == 1


async def test_the_users_exception_in_before_closes_the_coroutine():
    def before(*_):
        raise UserError

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with contextlib.suppress(UserError):
            await awaited(add, before)(1, 2)
        gc.collect()


async def test_before_runs_in_the_context_of_the_task():
    variable = contextvars.ContextVar("variable", default="outer")
    inside = []

    async def original():
        inside.append(variable.get())
        await asyncio.sleep(0)

    def after(token, _result, _error):
        variable.reset(token)

    wrapped = awaited(original, lambda *_: variable.set("ours"), after)
    await wrapped()
    assert inside == ["ours"]
    assert variable.get() == "outer"
    await asyncio.create_task(wrapped())
    assert variable.get() == "outer"
    assert faults == []


async def test_other_awaitables_and_plain_results():
    class Custom:
        def __await__(self):
            yield from asyncio.sleep(0).__await__()
            return "custom"

    calls, before, after = seen()
    assert await awaited(Custom, before, after)() == "custom"
    assert await awaited(lambda: asyncio.ensure_future(add(1, 2)), before, after)() == 3
    assert awaited(lambda: 5, before, after)() == 5
    assert len(calls) == 4
    error = raises(ValueError, awaited(lambda: int("no"), before, after))
    assert "invalid literal" in str(error)


async def test_a_replacing_hook_over_a_coroutine():
    wrapped = hooked(
        add, lambda _i, a, k: ("s", (10, 20), k), lambda _s, result, _e: result * 2, awaits=True, replaces=True
    )
    assert await wrapped(1, 2) == 60


async def test_asynchronous_generators_pass_through_a_hook():
    async def numbers():
        yield 1
        yield 2

    assert [number async for number in hooked(numbers)()] == [1, 2]


async def test_deep_chains():
    async def deep(level):
        return level if level == 0 else await wrapped(level - 1)

    wrapped = awaited(deep, lambda *_: "s", lambda *_: None)
    assert await wrapped(50) == 0


def test_recursion_errors_are_the_users():
    async def endless():
        return await wrapped()

    wrapped = awaited(endless, lambda *_: "s", lambda *_: None)
    raises(RecursionError, asyncio.run, wrapped())


def test_nothing_is_kept():
    async def fail():
        await asyncio.sleep(0)
        raise ValueError

    good, bad = awaited(add, lambda *_: "s", lambda *_: None), awaited(fail, lambda *_: "s", lambda *_: None)
    loop = asyncio.new_event_loop()
    loop.set_debug(False)

    async def once():
        await good(1, 2)
        with contextlib.suppress(ValueError):
            await bad()
        dropped = good(1, 2)
        dropped.send(None)

    try:
        assert kept_after(lambda: loop.run_until_complete(once())) < 8
    finally:
        loop.close()


class Bare:
    """Awaited like a future, but what it gives to its driver has neither send nor throw nor close."""

    def __init__(self, steps):
        self.steps = steps

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        if not self.steps:
            raise StopIteration("done")
        self.steps -= 1


class BareFuture(Bare):
    def __next__(self):
        future = asyncio.get_running_loop().create_future()
        future._asyncio_future_blocking = True
        return future


def outcome_of(drive, make):
    async def outer():
        return await make()

    try:
        return "returned", drive(outer())
    except BaseException as error:
        return type(error).__name__, str(error), type(error.__context__).__name__


def throwing(*what):
    def drive(coroutine):
        coroutine.send(None)
        return coroutine.throw(*what)

    return drive


def closing(coroutine):
    coroutine.send(None)
    return coroutine.close()


def cancelling(coroutine):
    async def main():
        task = asyncio.ensure_future(coroutine)
        await asyncio.sleep(0)
        task.cancel()
        return await task

    return asyncio.run(main())


def timing_out(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 0.01))


def test_an_awaitable_without_throw_gets_what_it_gets_without_us():
    hook = Hook("x", lambda *_: "state", lambda *_: None, True)
    drives = {
        "instance": (throwing(ValueError("thrown")), Bare),
        "class": (throwing(ValueError), Bare),
        "cancelled": (throwing(asyncio.CancelledError()), Bare),
        "exit": (throwing(GeneratorExit()), Bare),
        "close": (closing, Bare),
        "cancel": (cancelling, BareFuture),
        "timeout": (timing_out, BareFuture),
    }
    for name, (drive, kind) in drives.items():
        plain = outcome_of(drive, lambda kind=kind: kind(2))
        hooked_one = outcome_of(drive, lambda kind=kind: hook(kind, None, (2,), {}))
        assert hooked_one == plain, (name, hooked_one, plain)
