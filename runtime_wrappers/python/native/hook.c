/* _native.Hook: guarded before, one unguarded call of the original with the caller's own argument objects, guarded after.
 *
 *     Hook(name, before, after, awaits=False, replaces=False)
 *     hook(wrapped, instance, args, kwargs) -> what wrapped returned      as wrapt's FunctionWrapper calls it
 *
 * It is C so that no frame of ours stands in a traceback. An exception of the original leaves unchanged: same object, same __traceback__, same
 * __context__. `before` may also be one of this module's own hooks (a capsule); then `after` is its own, if it has one.
 */
#include "native.h"

#include <structmember.h>

#define CAPSULE "aftercall.NativeHook"

void passage_clear(Passage *passage) {
    Py_CLEAR(passage->state);
    Py_CLEAR(passage->token);
    Py_CLEAR(passage->args);
    Py_CLEAR(passage->kwargs);
}

/* ---- before ---- */

/* Takes (state, args, kwargs) apart; -1 with TypeError where `before` returned something else. */
static int unpack_replacement(PyObject *answer, Passage *passage) {
    PyObject *state, *args, *kwargs;
    if (!PyTuple_Check(answer) || !PyArg_ParseTuple(answer, "OO!O!", &state, &PyTuple_Type, &args, &PyDict_Type, &kwargs)) {
        PyErr_SetString(PyExc_TypeError, "before of a replacing hook returns (state, args, kwargs) or None");
        return -1;
    }
    keep(&passage->args, args);
    keep(&passage->kwargs, kwargs);
    keep(&passage->state, state);
    return 0;
}

static int run_before(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage) {
    if (hook->native && hook->native->before) return hook->native->before(instance, arguments, passage);
    if (hook->native || !hook->before) {
        keep(&passage->state, instance == Py_None ? Py_True : instance);
        return 0;
    }
    PyObject *args, *kwargs;
    if (arguments_unpack(arguments, &args, &kwargs) < 0) return -1;
    PyObject *answer = PyObject_CallFunctionObjArgs(hook->before, instance, args, kwargs, NULL);
    Py_DECREF(args);
    Py_DECREF(kwargs);
    if (!answer) return -1;
    if (!hook->replaces || answer == Py_None) {
        passage->state = answer;
        return 0;
    }
    int outcome = unpack_replacement(answer, passage);
    Py_DECREF(answer);
    return outcome;
}

int hook_enter(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage) {
    *passage = (Passage){NULL, NULL, NULL, NULL, false};
    if (run_before(hook, instance, arguments, passage) < 0) {
        if (fault_settle(hook->name) == FAULT_IS_THE_USERS) {
            passage_clear(passage);
            return -1;
        }
        Py_CLEAR(passage->state); /* `after` would not know what has been done */
    }
    if (passage->state == Py_None) Py_CLEAR(passage->state);
    return 0;
}

/* ---- after ---- */

/* A new reference to what `after` returned; native ones return nothing. NULL with an exception set. */
static PyObject *run_after(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage, PyObject *result, PyObject *error) {
    if (!hook->native || !hook->native->after)
        return PyObject_CallFunctionObjArgs(hook->after, passage->state, result ? result : Py_None, error ? error : Py_None, NULL);
    if (hook->native->after(instance, arguments, passage, result, error) < 0) return NULL;
    result = result ? result : Py_None;
    Py_INCREF(result);
    return result;
}

/* An exception that interrupted our `after` replaces the original's, which becomes its context, as in an `except` block. Takes `original`. */
static void chain_interrupt(Raised original) {
    Raised interrupt = raised_take();
    PyObject *context = PyException_GetContext(interrupt.value);
    if (!context && original.value && interrupt.value != original.value) {
        Py_INCREF(original.value);
        PyException_SetContext(interrupt.value, original.value);
    }
    Py_XDECREF(context);
    raised_drop(original);
    raised_again(interrupt);
}

void hook_leave(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage, PyObject **result) {
    if (!passage->state || !(hook->after || (hook->native && hook->native->after))) return;
    Raised original = *result ? (Raised){NULL, NULL, NULL} : raised_take();
    PyObject *answer = run_after(hook, instance, arguments, passage, *result, original.value);
    if (!answer && fault_settle(hook->name) == FAULT_IS_THE_USERS) {
        Py_CLEAR(*result);
        chain_interrupt(original);
        return;
    }
    if (original.type) raised_again(original);
    if (answer && *result && hook->replaces)
        set_reference(result, answer);
    else
        Py_XDECREF(answer);
}

/* ---- the call ---- */

PyObject *hook_run(Hook *hook, PyObject *function, PyObject *instance, const Arguments *arguments) {
    Passage passage = {NULL, NULL, NULL, NULL, false};
    if (hook->awaits && !hook->replaces) { /* the coroutine is made at once, as without us; `before` waits for its first step */
        PyObject *inner = arguments_call(function, arguments, NULL, NULL);
        if (inner && arguments_unpack(arguments, &passage.args, &passage.kwargs) < 0) PyErr_Clear();
        return inner ? awaitable_new(hook, instance, &passage, inner) : NULL;
    }
    if (hook_enter(hook, instance, arguments, &passage) < 0) return NULL;
    PyObject *result = arguments_call(function, arguments, passage.args, passage.kwargs);
    if (result && hook->awaits && passage.state) return awaitable_new(hook, NULL, &passage, result);
    hook_leave(hook, instance, arguments, &passage, &result);
    passage_clear(&passage);
    return result;
}

static PyObject *call(PyObject *self, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *wrapped, *instance;
    Arguments arguments = {NULL, 0, 0, NULL, NULL, NULL};
    if (!PyArg_UnpackTuple(args, "Hook", 4, 4, &wrapped, &instance, &arguments.tuple, &arguments.dict)) return NULL;
    return hook_run((Hook *)self, wrapped, instance, &arguments);
}

/* ---- the type ---- */

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *kwargs) {
    static char *names[] = {"name", "before", "after", "awaits", "replaces", NULL};
    PyObject *name, *before, *after;
    int awaits = 0, replaces = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UOO|pp:Hook", names, &name, &before, &after, &awaits, &replaces)) return NULL;
    Hook *hook = (Hook *)object_new(&hook_kind);
    if (!hook) return NULL;
    keep(&hook->name, name);
    keep(&hook->before, before == Py_None ? NULL : before);
    keep(&hook->after, after == Py_None ? NULL : after);
    hook->awaits = awaits;
    hook->replaces = replaces;
    if (PyCapsule_IsValid(before, CAPSULE)) hook->native = PyCapsule_GetPointer(before, CAPSULE);
    return (PyObject *)hook;
}

static PyMemberDef members[] = {
    {"name", T_OBJECT_EX, offsetof(Hook, name), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static const PyType_Slot slots[] = {{Py_tp_call, (void *)call}, {Py_tp_members, (void *)members}, {0, NULL}};
Kind hook_kind = {.name = "_native.Hook", .size = sizeof(Hook), .held = 3, .make = make, .slots = slots};

int native_hook_add(PyObject *module, const char *name, const NativeHook *hook) {
    return PyModule_AddObject(module, name, PyCapsule_New((void *)hook, CAPSULE, NULL));
}

int hook_register(PyObject *module) { return kind_register(module, &hook_kind); }
