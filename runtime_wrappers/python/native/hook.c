/* _native.Hook: guarded before, one unguarded call of the original with the caller's own argument objects, guarded after.
 *
 *     Hook(name, before, after, fault, awaits=False, replaces=False)
 *     hook(wrapped, instance, args, kwargs) -> what wrapped returned      as wrapt's FunctionWrapper calls it
 *
 * It is C so that no frame of ours stands in a traceback. An exception of the original leaves unchanged: same object, same __traceback__, same
 * __context__. `before` may also be one of this module's own hooks (a NativeHook); then `after` is its own.
 */
#include "native.h"

#include <structmember.h>

void exchange_clear(Exchange *exchange) {
    Py_CLEAR(exchange->state);
    Py_CLEAR(exchange->second);
    Py_CLEAR(exchange->third);
    Py_CLEAR(exchange->args);
    Py_CLEAR(exchange->kwargs);
}

int exchange_visit(Exchange *exchange, visitproc visit, void *arg) {
    Py_VISIT(exchange->state);
    Py_VISIT(exchange->second);
    Py_VISIT(exchange->third);
    Py_VISIT(exchange->args);
    Py_VISIT(exchange->kwargs);
    return 0;
}

/* ---- before ---- */

/* Takes (state, args, kwargs) apart; -1 with TypeError where `before` returned something else. */
static int unpack_replacement(PyObject *answer, Exchange *exchange) {
    PyObject *state, *args, *kwargs;
    if (!PyTuple_Check(answer) || !PyArg_UnpackTuple(answer, "before", 3, 3, &state, &args, &kwargs) || !PyTuple_Check(args) || !PyDict_Check(kwargs)) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "before of a replacing hook returns (state, args, kwargs) or None");
        return -1;
    }
    Py_INCREF(args);
    Py_INCREF(kwargs);
    Py_INCREF(state);
    set_reference(&exchange->args, args);
    set_reference(&exchange->kwargs, kwargs);
    exchange->state = state;
    return 0;
}

static int run_python(Hook *hook, PyObject *instance, const Arguments *arguments, Exchange *exchange) {
    if (!hook->before) {
        Py_INCREF(exchange->state = instance == Py_None ? Py_True : instance);
        return 0;
    }
    if (arguments_unpack(arguments, &exchange->args, &exchange->kwargs) < 0) return -1;
    PyObject *answer = PyObject_CallFunctionObjArgs(hook->before, instance, exchange->args, exchange->kwargs, NULL);
    if (!answer) return -1;
    if (!hook->replaces || answer == Py_None) {
        exchange->state = answer;
        return 0;
    }
    int outcome = unpack_replacement(answer, exchange);
    Py_DECREF(answer);
    return outcome;
}

int exchange_begin(Hook *hook, PyObject *instance, const Arguments *arguments, Exchange *exchange) {
    *exchange = (Exchange){NULL, NULL, NULL, NULL, NULL, false};
    int outcome;
    if (!hook->native)
        outcome = run_python(hook, instance, arguments, exchange);
    else if (hook->native->before)
        outcome = hook->native->before(instance, arguments, exchange);
    else
        Py_INCREF(exchange->state = instance), outcome = 0;
    if (outcome < 0) {
        if (fault_settle(hook->name, hook->fault) == FAULT_IS_THE_USERS) {
            exchange_clear(exchange);
            return -1;
        }
        Py_CLEAR(exchange->state); /* `after` would not know what has been done */
    }
    if (exchange->state == Py_None) Py_CLEAR(exchange->state);
    return 0;
}

/* ---- after ---- */

/* Returns a new reference to what `after` returned; native ones return nothing. NULL with an exception set. */
static PyObject *run_after(Hook *hook, Exchange *exchange, PyObject *result, PyObject *error) {
    if (!hook->native) return PyObject_CallFunctionObjArgs(hook->after, exchange->state, result ? result : Py_None, error ? error : Py_None, NULL);
    if (hook->native->after(exchange, result, error) < 0) return NULL;
    Py_INCREF(result = result ? result : Py_None);
    return result;
}

/* An exception that interrupted our `after` replaces the original's, which becomes its context, as in an `except` block. */
static void chain_interrupt(PyObject *original) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *context = PyException_GetContext(value);
    if (!context && value != original) {
        Py_INCREF(original);
        PyException_SetContext(value, original);
    }
    Py_XDECREF(context);
    PyErr_Restore(type, value, traceback);
}

static void after_result(Hook *hook, Exchange *exchange, PyObject **result) {
    PyObject *answer = run_after(hook, exchange, *result, NULL);
    if (answer && hook->replaces) {
        set_reference(result, answer);
        return;
    }
    Py_XDECREF(answer);
    if (!answer && fault_settle(hook->name, hook->fault) == FAULT_IS_THE_USERS) Py_CLEAR(*result);
}

static void after_error(Hook *hook, Exchange *exchange) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *answer = run_after(hook, exchange, NULL, value);
    if (!answer && fault_settle(hook->name, hook->fault) == FAULT_IS_THE_USERS) {
        if (traceback) PyException_SetTraceback(value, traceback);
        chain_interrupt(value);
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
        return;
    }
    Py_XDECREF(answer);
    PyErr_Restore(type, value, traceback);
}

void exchange_end(Hook *hook, Exchange *exchange, PyObject **result) {
    if (!exchange->state || !(hook->native ? hook->native->after != NULL : hook->after != NULL)) return;
    if (*result)
        after_result(hook, exchange, result);
    else
        after_error(hook, exchange);
}

/* ---- over a coroutine ---- */

static int watch_begin(PyObject *watcher, PyObject *instance, Exchange *exchange) {
    Exchange waiting = *exchange;
    Arguments arguments = {NULL, 0, NULL, waiting.args, waiting.kwargs};
    int outcome = exchange_begin((Hook *)watcher, instance, &arguments, exchange);
    exchange_clear(&waiting);
    return outcome;
}

static void watch_end(PyObject *watcher, Exchange *exchange, PyObject **result) { exchange_end((Hook *)watcher, exchange, result); }

static const Watch hook_watch = {watch_begin, watch_end};

PyObject *hook_awaitable(Hook *hook, PyObject *instance, Exchange *exchange, PyObject *inner) {
    return awaitable_new(&hook_watch, (PyObject *)hook, instance, exchange, inner);
}

/* ---- the call ---- */

static PyObject *call_watched(Hook *hook, PyObject *wrapped, PyObject *instance, const Arguments *arguments) {
    Exchange exchange;
    if (exchange_begin(hook, instance, arguments, &exchange) < 0) return NULL;
    bool replaced = hook->replaces && exchange.args;
    PyObject *result = PyObject_Call(wrapped, replaced ? exchange.args : arguments->tuple, replaced ? exchange.kwargs : arguments->dict);
    if (result && hook->awaits && exchange.state)
        set_reference(&result, hook_awaitable(hook, NULL, &exchange, result));
    else
        exchange_end(hook, &exchange, &result);
    exchange_clear(&exchange);
    return result;
}

/* The coroutine is made at once, as without us; `before` waits for its first step. */
static PyObject *call_awaited(Hook *hook, PyObject *wrapped, PyObject *instance, const Arguments *arguments) {
    PyObject *inner = PyObject_Call(wrapped, arguments->tuple, arguments->dict);
    if (!inner) return NULL;
    Exchange waiting = {NULL, NULL, NULL, NULL, NULL, false};
    if (arguments_unpack(arguments, &waiting.args, &waiting.kwargs) < 0) PyErr_Clear();
    set_reference(&inner, hook_awaitable(hook, instance, &waiting, inner));
    exchange_clear(&waiting);
    return inner;
}

static PyObject *hook_call(PyObject *self, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    Hook *hook = (Hook *)self;
    PyObject *wrapped, *instance, *call_args, *call_kwargs;
    if (!PyArg_UnpackTuple(args, "Hook", 4, 4, &wrapped, &instance, &call_args, &call_kwargs)) return NULL;
    Arguments arguments = {NULL, 0, NULL, call_args, call_kwargs};
    if (hook->awaits && !hook->replaces) return call_awaited(hook, wrapped, instance, &arguments);
    return call_watched(hook, wrapped, instance, &arguments);
}

/* ---- the type ---- */

static PyObject *given_or_null(PyObject *object) {
    if (object == Py_None) return NULL;
    Py_INCREF(object);
    return object;
}

static PyObject *hook_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"name", "before", "after", "fault", "awaits", "replaces", NULL};
    PyObject *name, *before, *after, *fault;
    int awaits = 0, replaces = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UOOO|pp:Hook", names, &name, &before, &after, &fault, &awaits, &replaces)) return NULL;
    Hook *hook = (Hook *)PyType_GenericAlloc(type, 0);
    if (!hook) return NULL;
    Py_INCREF(name);
    hook->name = name;
    hook->before = given_or_null(before);
    hook->after = given_or_null(after);
    hook->fault = given_or_null(fault);
    hook->awaits = awaits;
    hook->replaces = replaces;
    hook->native = native_hook_of(before);
    return (PyObject *)hook;
}

static int hook_traverse(PyObject *self, visitproc visit, void *arg) {
    Hook *hook = (Hook *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(hook->before);
    Py_VISIT(hook->after);
    Py_VISIT(hook->fault);
    return 0;
}

static int hook_clear(PyObject *self) {
    Hook *hook = (Hook *)self;
    Py_CLEAR(hook->before);
    Py_CLEAR(hook->after);
    Py_CLEAR(hook->fault);
    return 0;
}

static void hook_dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    hook_clear(self);
    Py_CLEAR(((Hook *)self)->name);
    free_instance(self);
}

static PyMemberDef hook_members[] = {
    {"name", T_OBJECT_EX, offsetof(Hook, name), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot hook_slots[] = {
    {Py_tp_new, (void *)hook_new},
    {Py_tp_call, (void *)hook_call},
    {Py_tp_dealloc, (void *)hook_dealloc},
    {Py_tp_traverse, (void *)hook_traverse},
    {Py_tp_clear, (void *)hook_clear},
    {Py_tp_members, (void *)hook_members},
    {Py_tp_doc, (void *)"Hook(name, before, after, fault, awaits=False, replaces=False): called as hook(wrapped, instance, args, kwargs)"},
    {0, NULL},
};
static PyType_Spec hook_spec = {"_native.Hook", sizeof(Hook), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, hook_slots};

static PyTypeObject *hook_type;

bool hook_check(PyObject *object) { return Py_TYPE(object) == hook_type; }

int hook_register(PyObject *module) {
    hook_type = type_from_spec(module, &hook_spec, "Hook");
    return hook_type ? 0 : -1;
}
