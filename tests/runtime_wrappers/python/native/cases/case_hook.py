# mypy: ignore-errors
"""_native.Hook around plain functions and methods."""

import gc
import signal
import sys
import threading
import traceback
import weakref

import subjects
from _aftercall._native import Hook, fault_with
from _aftercall.faults import is_users
from subjects import UserError, faults, hooked, kept_after, raises, seen


def test_before_and_after_are_given_the_callers_own_objects():
    calls, before, after = seen()
    argument = object()

    def original(*args, **kwargs):
        assert args[0] is argument
        return args, kwargs

    result = hooked(original, before, after)(argument, key=1)
    assert result == ((argument,), {"key": 1})
    assert calls == [("before", None, (argument,), {"key": 1}), ("after", "state", result, None)]


def test_methods_are_bound():
    calls, before, after = seen()

    class Thing:
        def method(self, value):
            return self, value

        @staticmethod
        def static(value):
            return value

        @classmethod
        def of_class(cls):
            return cls

    for name in ("method", "static", "of_class"):
        setattr(Thing, name, hooked(vars(Thing)[name], before, after))
    thing = Thing()
    assert thing.method(2) == (thing, 2)
    assert thing.static(3) == 3
    assert Thing.of_class() is Thing
    assert calls[0][1] is thing
    assert calls[2][1] is None
    assert calls[4][1] is Thing
    assert len(calls) == 6


def test_no_state_means_no_after():
    calls, _, after = seen()
    assert hooked(len, lambda *_: None, after)([1]) == 1
    assert calls == []


def test_without_before_the_instance_is_the_state():
    calls, _, after = seen()
    assert hooked(len, None, after)([1]) == 1
    assert calls == [("after", True, 1, None)]


def test_a_fault_in_before_calls_the_original_as_if_unhooked():
    calls, _, after = seen()
    assert hooked(len, lambda *_: 1 / 0, after)([1, 2]) == 2
    assert [(name, type(error)) for name, error in faults] == [("test:hook", ZeroDivisionError)]
    assert calls == []


def test_a_fault_in_after_is_swallowed():
    assert hooked(len, None, lambda *_: 1 / 0)([1, 2]) == 2
    assert len(faults) == 1
    error = raises(TypeError, hooked(len, None, lambda *_: 1 / 0), 5)
    assert error.__context__ is None
    assert len(faults) == 1


def test_a_fault_in_fault_is_swallowed():
    hook = Hook("x", lambda *_: 1 / 0, None)
    fault_with(is_users, lambda *_: {}["x"])
    assert hook(len, None, ([1],), {}) == 1
    fault_with(lambda _: {}["x"], lambda *_: None)
    assert hook(len, None, ([1],), {}) == 1
    fault_with(*subjects.asked)


def test_a_wrong_signature_of_our_own_is_a_fault():
    assert hooked(len, lambda: None, lambda: None)([1]) == 1
    assert isinstance(faults[0][1], TypeError)


def test_interrupts_are_always_raised():
    def interrupt(*_):
        raise KeyboardInterrupt

    called = []
    raises(KeyboardInterrupt, hooked(called.append, interrupt), 1)
    assert called == []
    raises(KeyboardInterrupt, hooked(called.append, None, interrupt), 1)
    assert called == [1]
    error = raises(KeyboardInterrupt, hooked(len, None, interrupt), 5)
    assert isinstance(error.__context__, TypeError)  # as in an except block


def test_the_exception_of_a_signal_handler_that_ran_in_our_code_is_raised():
    def handler(*_):
        raise UserError("from a signal handler")

    def before(*_):
        signal.raise_signal(signal.SIGUSR1)

    previous = signal.signal(signal.SIGUSR1, handler)
    try:
        error = raises(UserError, hooked(len, before), [1])
    finally:
        signal.signal(signal.SIGUSR1, previous)
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    # `before` stays, since its file is not in our folder.
    assert names == ["raises", "before", "handler"]


def test_frames_of_our_folder_are_taken_out_of_it():
    import _aftercall

    code = "def before(*_):\n    deeper()\ndef deeper():\n    handler()\n"
    names = {}

    def handler():
        raise KeyboardInterrupt

    names["handler"] = handler
    exec(compile(code, _aftercall.__path__[0] + "/made_up.py", "exec"), names)
    error = raises(KeyboardInterrupt, hooked(len, names["before"]), [1])
    assert [frame.name for frame in traceback.extract_tb(error.__traceback__)] == ["raises", "handler"]


# ---- tracebacks ----


def boom(kind):
    if kind == "nested":
        try:
            boom("plain")
        except ValueError:
            raise KeyError("second")  # noqa: B904 what is tested is the implicit context
    if kind == "chained":
        try:
            boom("plain")
        except ValueError as error:
            raise KeyError("second") from error
    if kind == "c":
        return int("no number")
    raise ValueError("first")


def text_of(function, kind):
    try:
        function(kind)
    except Exception:
        return traceback.format_exc()


def through_others(function):
    def other(kind):
        try:
            try:
                function(kind)
            except Exception as error:  # noqa: TRY203 raised again on purpose
                raise error  # noqa: TRY201 and by its name
        finally:
            pass

    return other


def test_tracebacks_are_the_same_with_and_without():
    def before(*_):
        try:
            raise LookupError("ours, caught")  # noqa: TRY301 here, not in another frame
        except LookupError:
            return "state"

    def after(_state, _result, error):
        try:
            raise LookupError("ours, caught") from error  # noqa: TRY301 here, not in another frame
        except LookupError:
            pass
        raise AttributeError("ours, a fault")

    for kind in ("plain", "nested", "chained", "c"):
        wrapped = hooked(boom, before, after)
        assert text_of(wrapped, kind) == text_of(boom, kind), kind
        assert text_of(through_others(wrapped), kind) == text_of(through_others(boom), kind)
        assert text_of(hooked(hooked(boom, before, after), before, after), kind) == text_of(boom, kind)
        assert all(isinstance(error, AttributeError) for _, error in faults)
        assert faults


def test_context_of_an_exception_raised_while_another_is_handled():
    def contexts(function):
        try:
            try:
                raise OSError("outer")  # noqa: TRY301 here, not in another frame
            except OSError:
                function("nested")
        except KeyError as error:
            return [type(error.__context__), type(error.__context__.__context__), error.__cause__]

    _, before, after = seen()
    assert contexts(hooked(boom, before, after)) == contexts(boom)


def test_one_exception_object_through_two_hooks():
    error = ValueError("shared")

    def original():
        raise error

    assert raises(ValueError, hooked(hooked(original))) is error


# ---- replacing ----


def test_a_replacing_hook_changes_arguments_and_result():
    replaced = hooked(
        lambda *args, **kwargs: (args, kwargs),
        lambda _i, args, kwargs: ("s", (*args, 2), {**kwargs, "b": 2}),
        lambda state, result, _e: (state, result),
        replaces=True,
    )
    assert replaced(1, a=1) == ("s", ((1, 2), {"a": 1, "b": 2}))


def test_a_replacing_hook_may_want_nothing():
    assert hooked(len, lambda *_: None, lambda *_: "no", replaces=True)([1]) == 1
    assert hooked(len, lambda *_: (None, ([1, 2],), {}), lambda *_: "no", replaces=True)([1]) == 2
    assert faults == []


def test_a_replacing_hook_that_returns_nonsense_is_a_fault():
    for nonsense in (5, (), ("s", [], {}), ("s", (), None)):
        assert hooked(len, lambda *_, n=nonsense: n, lambda *_: "no", replaces=True)([1]) == 1
        assert isinstance(faults[0][1], TypeError), nonsense
    assert hooked(len, lambda *_: ("s", ([1],), {}), lambda *_: 1 / 0, replaces=True)([]) == 1


def test_errors_of_a_replacing_hooks_original_go_on():
    assert "int" in str(raises(TypeError, hooked(len, lambda *_: ("s", (5,), {}), lambda *_: "no", replaces=True), []))


# ---- what must not change ----


def test_nothing_is_kept():
    wrapped = hooked(boom, lambda *_: "state", lambda *_: None)
    good = hooked(len, lambda *_: "state", lambda *_: None)
    replacing = hooked(len, lambda _i, a, k: ("s", (*a,), {**k}), lambda _s, r, _e: r, replaces=True)
    failing = hooked(len, lambda *_: 1 / 0, lambda *_: 1 / 0)

    def run():
        text_of(wrapped, "nested")
        good([1])
        replacing([1])
        failing([1])
        del faults[:]

    assert kept_after(run) < 8


def test_reference_counts_of_arguments_and_results_stay():
    argument, result = [object()], [object()]
    wrapped = hooked(lambda _: result, lambda *_: "s", lambda *_: None)
    before = sys.getrefcount(argument), sys.getrefcount(result), sys.getrefcount(None)
    for _ in range(100_000):
        wrapped(argument)
    after = sys.getrefcount(argument), sys.getrefcount(result), sys.getrefcount(None)
    assert before[:2] == after[:2]
    assert abs(before[2] - after[2]) < 100


def test_an_error_is_freed_when_its_handler_ends():
    class MarkedError(Exception):
        pass

    def original():
        raise MarkedError

    wrapped = hooked(original, lambda *_: "s", lambda *_: None)
    gc.disable()
    try:
        try:
            wrapped()
        except MarkedError as error:
            reference = weakref.ref(error)
        assert reference() is None
    finally:
        gc.enable()


def test_a_hook_in_a_cycle_is_collected():
    class Owner:
        pass

    def make():
        owner = Owner()
        owner.hook = Hook("x", lambda *_: owner, None)
        return weakref.ref(owner)

    reference = make()
    gc.collect()
    assert reference() is None


def test_recursion_errors_are_the_users():
    def endless():
        return wrapped()

    _, before, after = seen()
    wrapped = hooked(endless, before, after)
    raises(RecursionError, wrapped)
    assert wrapped.__wrapped__ is endless
    hooked(len)([])  # still usable


def test_threads():
    calls, before, after = seen()
    wrapped = hooked(len, before, after)
    threads = [threading.Thread(target=lambda: [wrapped([1]) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 8000


def test_arguments_of_the_constructor_are_checked():
    raises(TypeError, Hook)
    raises(TypeError, Hook, 5, None, None)
    raises(TypeError, Hook("x", None, None), 1)
    assert Hook("a name", None, None).name == "a name"
