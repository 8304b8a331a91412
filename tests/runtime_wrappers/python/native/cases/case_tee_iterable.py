# mypy: ignore-errors
"""_native.TeeIterable over the streams that HTTP libraries have."""

import asyncio
import contextlib
import gc
import traceback
import weakref
from collections import abc

from _aftercall._native import Capture, TeeIterable
from subjects import UserError, fault, kept_after, raises


class Stream:
    """A sync stream as httpcore's: iterable, with close()."""

    kind = "stream"

    def __init__(self, parts, error=None):
        self.parts, self.error, self.closed = parts, error, 0

    def __iter__(self):
        yield from self.parts
        if self.error:
            raise self.error

    def close(self):
        self.closed += 1
        return "closed"


class AsyncStream:
    def __init__(self, parts, error=None):
        self.parts, self.error, self.closed = parts, error, 0

    async def __aiter__(self):
        for part in self.parts:
            await asyncio.sleep(0)
            yield part
        if self.error:
            raise self.error

    async def aclose(self):
        await asyncio.sleep(0)
        self.closed += 1
        return "closed"


def tee(inner, limit=100):
    told, capture = [], Capture(limit)
    return TeeIterable(inner, capture, lambda error, complete: told.append((error, complete)), fault), capture, told


def test_read_to_the_end():
    stream, capture, told = tee(Stream([b"abc", b"def"]), 4)
    assert list(stream) == [b"abc", b"def"]
    assert (capture.take(), capture.size, told) == (b"abcd", 6, [(None, True)])
    assert list(stream) == [b"abc", b"def"]
    assert (capture.size, told) == (6, [(None, True)])
    stream.close()
    assert len(told) == 1


def test_it_offers_what_the_inner_one_offers():
    stream, _, _ = tee(Stream([]))
    assert isinstance(stream, abc.Iterable)
    assert not isinstance(stream, (abc.AsyncIterable, abc.Iterator))
    assert isinstance(stream, Stream)
    stream, _, _ = tee(AsyncStream([]))
    assert isinstance(stream, abc.AsyncIterable)
    assert not isinstance(stream, abc.Iterable)
    iterator, capture, told = tee(part for part in (b"ab", b"c"))
    assert isinstance(iterator, abc.Iterator)
    assert iter(iterator) is iterator
    assert next(iterator) == b"ab"
    assert list(iterator) == [b"c"]
    assert (capture.size, told) == (3, [(None, True)])

    class Both(Stream, AsyncStream):
        pass

    both, _, _ = tee(Both([]))
    assert isinstance(both, abc.Iterable)
    assert isinstance(both, abc.AsyncIterable)
    raises(TypeError, TeeIterable, 5, Capture(1), print)
    raises(TypeError, TeeIterable, [], "no capture", print)


def test_other_attributes_are_the_inner_ones():
    inner = Stream([])
    stream, _, _ = tee(inner)
    assert stream.kind == "stream"
    stream.kind = "changed"
    assert inner.kind == "changed"
    del stream.kind
    assert repr(stream) == repr(inner)
    raises(AttributeError, lambda: stream.nonsense)


def test_close_tells_once():
    inner = Stream([b"a", b"b"])
    stream, _, told = tee(inner)
    assert next(iter(stream)) == b"a"
    assert told == []
    assert stream.close() == "closed"
    assert stream.close() == "closed"
    assert (inner.closed, told) == (2, [(None, False)])
    assert stream.close.__name__ == "close"


def test_errors_go_on_and_are_told():
    def text_of(make):
        try:
            list(make(Stream([b"a"], ValueError("broken"))))
        except ValueError:
            return traceback.format_exc()

    told = []
    plain = text_of(lambda stream: stream)
    assert text_of(lambda stream: TeeIterable(stream, Capture(1), lambda *what: told.append(what))) == plain
    assert [(type(error), complete) for error, complete in told] == [(ValueError, False)]
    assert text_of(lambda stream: TeeIterable(stream, Capture(1), lambda *_: 1 / 0)) == plain


def test_dropped_streams_are_told():
    stream, _, told = tee(Stream([b"a"]))
    iterator = iter(stream)
    next(iterator)
    del stream
    assert told == []  # the iterator still holds it
    del iterator
    assert told == [(None, False)]


def test_faults_of_done_are_swallowed_and_interrupts_are_not():
    stream = TeeIterable(Stream([b"a"]), Capture(1), lambda *_: 1 / 0, fault)
    assert list(stream) == [b"a"]

    def interrupt(*_):
        raise UserError

    raises(UserError, list, TeeIterable(Stream([b"a"]), Capture(1), interrupt, fault))
    raises(UserError, TeeIterable(Stream([b"a"]), Capture(1), interrupt, fault).close)


def test_parts_that_are_no_bytes_pass():
    stream, capture, told = tee(["text", 5, b"x"])
    assert list(stream) == ["text", 5, b"x"]
    assert (capture.size, told) == (1, [(None, True)])


def test_generators_keep_their_own_methods():
    def parts():
        try:
            yield b"a"
            yield b"b"
        finally:
            order.append("finally")

    order = []
    stream, _, told = tee(parts())
    next(stream)
    stream.close()
    assert order == ["finally"]
    assert told == [(None, False)]


async def test_async_read_to_the_end():
    stream, capture, told = tee(AsyncStream([b"abc", b"def"]), 4)
    assert [part async for part in stream] == [b"abc", b"def"]
    assert (capture.take(), capture.size, told) == (b"abcd", 6, [(None, True)])


async def test_async_errors_and_close():
    async def text_of(make):
        try:
            async for _ in make(AsyncStream([b"a"], ValueError("broken"))):
                pass
        except ValueError:
            return traceback.format_exc()

    told = []
    plain = await text_of(lambda stream: stream)
    assert await text_of(lambda stream: TeeIterable(stream, Capture(1), lambda *what: told.append(what))) == plain
    assert [(type(error), complete) for error, complete in told] == [(ValueError, False)]
    inner = AsyncStream([b"a"])
    stream, _, told = tee(inner)
    iterator = stream.__aiter__()
    assert await iterator.__anext__() == b"a"
    await iterator.aclose()
    assert told == []
    assert await stream.aclose() == "closed"
    assert (inner.closed, told) == (1, [(None, False)])


async def test_async_cancellation_in_a_read():
    waiting = asyncio.Event()

    async def parts():
        yield b"a"
        waiting.set()
        await asyncio.sleep(60)

    stream, capture, told = tee(parts())

    async def read():
        async for _ in stream:
            pass

    task = asyncio.create_task(read())
    await waiting.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert [(type(error), complete) for error, complete in told] == [(asyncio.CancelledError, False)]
    assert capture.size == 1


async def test_async_dropped_streams_are_told():
    stream, _, told = tee(AsyncStream([b"a", b"b"]))
    async for _ in stream:
        break
    del stream
    gc.collect()
    assert told == [(None, False)]


def test_a_cycle_is_ended_and_collected():
    inner, told = Stream([b"a"]), []
    inner.myself = TeeIterable(inner, Capture(1), lambda *what: told.append(what))
    reference = weakref.ref(inner)
    del inner
    gc.collect()
    assert reference() is None
    assert told == [(None, False)]


def test_nothing_is_kept():
    loop = asyncio.new_event_loop()
    loop.set_debug(False)

    async def read():
        async for _ in tee(AsyncStream([b"a", b"b"]))[0]:
            pass
        stream, _, _ = tee(AsyncStream([b"a"]))
        await stream.aclose()

    def run():
        list(tee(Stream([b"a", b"b"]))[0])
        tee(Stream([b"a"]))[0].close()
        with contextlib.suppress(ValueError):
            list(tee(Stream([b"a"], ValueError("x")))[0])
        loop.run_until_complete(read())

    try:
        assert kept_after(run) < 8
    finally:
        loop.close()
