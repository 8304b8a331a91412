/* The awaitable that stands in for a coroutine under a hook: each step goes to the coroutine behind it, and its watch learns of the first step and of the
 * end (return, exception, cancellation, close, or never finished).
 *
 * Drivers must not notice: asyncio, anyio and trio see a coroutine (send, throw, close, __await__), cr_* and every other attribute are those of the
 * one behind, and no frame is added to any traceback.
 *
 * Limitation: `type(x) is types.CoroutineType` sees the difference; isinstance and the inspect module do not.
 */
#include "native.h"

#include <structmember.h>

/* Python 3.10 brought PyIter_Send and the slot am_send; 3.9 is driven by the methods. Declared here since the header hides them from the 3.9 API. */
typedef enum { STEP_RETURN = 0, STEP_ERROR = -1, STEP_NEXT = 1 } Step;
extern Step PyIter_Send(PyObject *, PyObject *, PyObject **) __attribute__((weak));
#define SLOT_AM_SEND 81

typedef enum { FRESH, RUNNING, ENDED } Phase;

typedef struct {
    PyObject_HEAD
    PyObject *inner;    /* what the original returned */
    PyObject *iterator; /* what is stepped: inner itself, or what its __await__ gave; NULL until the first step */
    const Watch *watch;
    PyObject *watcher;
    PyObject *instance; /* for watch->begin */
    Exchange exchange;
    Phase phase;
    bool stepping; /* a step is on the stack: a second one is the driver's mistake, and the coroutine's to report */
    PyObject *weakrefs;
} Awaitable;

static PyTypeObject *awaitable_type;
static PyTypeObject *coroutine_type;
static PyObject *str_send, *str_throw, *str_close, *str_await, *str_next, *str_cr_await, *str_value;

static bool has(PyObject *object, PyObject *name) {
    return (PyTypeObject *)Py_TYPE(object) == coroutine_type || PyObject_HasAttr(object, name);
}

PyObject *awaitable_new(const Watch *watch, PyObject *watcher, PyObject *instance, Exchange *exchange, PyObject *inner) {
    Py_INCREF(inner);
    if (!has(inner, str_await)) return inner;
    Awaitable *self = (Awaitable *)PyType_GenericAlloc(awaitable_type, 0);
    if (!self) {
        Py_DECREF(inner);
        return NULL;
    }
    self->inner = inner;
    self->watch = watch;
    self->watcher = watcher;
    Py_INCREF(watcher);
    self->instance = instance;
    Py_XINCREF(instance);
    if (exchange) {
        self->exchange = *exchange;
        *exchange = (Exchange){NULL, NULL, NULL, NULL, NULL, false};
    }
    return (PyObject *)self;
}

/* ---- the watch ---- */

/* As a generator does with its frame, it lets go of what it no longer needs at the end, not when its last reference goes. */
static void forget(Awaitable *self) {
    Py_CLEAR(self->instance);
    exchange_clear(&self->exchange);
}

/* A replacing hook's `before` has run when the coroutine was made. */
static bool begun(Awaitable *self) { return self->phase == RUNNING || self->exchange.state; }

/* *result or an exception is the outcome; both may be replaced by the watch. */
static void end(Awaitable *self, PyObject **result) {
    bool told = begun(self);
    self->phase = ENDED;
    if (told) self->watch->end(self->watcher, &self->exchange, result);
    forget(self);
}

/* The end of an awaitable that its driver gave up: `after` is told GeneratorExit. Leaves no exception set, but for one of the user's. */
static void end_given_up(Awaitable *self) {
    PyObject *none = NULL;
    PyErr_SetNone(PyExc_GeneratorExit);
    end(self, &none);
    if (PyErr_ExceptionMatches(PyExc_GeneratorExit)) PyErr_Clear();
}

/* The user's exception came up while `before` ran: as if it had been raised before the first step, so the coroutine is closed, not left un-awaited. */
static void give_up_unstarted(Awaitable *self) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *closed = PyObject_CallMethodObjArgs(self->inner, str_close, NULL);
    if (!closed) PyErr_Clear();
    Py_XDECREF(closed);
    PyErr_Restore(type, value, traceback);
    self->phase = ENDED;
    forget(self);
}

static int find_iterator(Awaitable *self) {
    if (self->iterator) return 0;
    if (has(self->inner, str_send)) {
        Py_INCREF(self->inner);
        self->iterator = self->inner;
    } else {
        self->iterator = PyObject_CallMethodObjArgs(self->inner, str_await, NULL);
    }
    return self->iterator ? 0 : -1;
}

static int begin(Awaitable *self) {
    if (self->phase != FRESH) return 0;
    self->phase = RUNNING;
    if (!self->instance || self->watch->begin(self->watcher, self->instance, &self->exchange) == 0) return 0;
    give_up_unstarted(self);
    return -1;
}

/* ---- steps ---- */

/* A StopIteration that is set becomes its value; any other exception stays. */
static Step stopped(PyObject **result) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_StopIteration)) return STEP_ERROR;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value)
        *result = PyObject_GetAttr(value, str_value);
    else
        Py_INCREF(*result = Py_None);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return *result ? STEP_RETURN : STEP_ERROR;
}

static Step send_by_method(PyObject *iterator, PyObject *argument, PyObject **result) {
    if (argument == Py_None && !has(iterator, str_send))
        *result = PyObject_CallMethodObjArgs(iterator, str_next, NULL);
    else
        *result = PyObject_CallMethodObjArgs(iterator, str_send, argument, NULL);
    return *result ? STEP_NEXT : stopped(result);
}

static Step settle(Awaitable *self, Step step, PyObject **result) {
    if (step == STEP_NEXT) return STEP_NEXT;
    end(self, result);
    return *result ? STEP_RETURN : STEP_ERROR;
}

static Step send(Awaitable *self, PyObject *argument, PyObject **result) {
    *result = NULL;
    bool nested = self->stepping;
    if (!nested && begin(self) < 0) return STEP_ERROR;
    if (find_iterator(self) < 0) return nested ? STEP_ERROR : settle(self, STEP_ERROR, result);
    self->stepping = true;
    Step step = PyIter_Send ? PyIter_Send(self->iterator, argument, result) : send_by_method(self->iterator, argument, result);
    self->stepping = nested;
    return nested ? step : settle(self, step, result);
}

/* An iterator without a throw() is given up, and the exception raised where it was awaited: as a generator does (gen_throw in Objects/genobject.c). */
static Step raise_given(PyObject *args) {
    PyObject *type, *value = NULL, *traceback = NULL;
    if (!PyArg_UnpackTuple(args, "throw", 1, 3, &type, &value, &traceback)) return STEP_ERROR;
    if (!PyType_Check(type)) {
        value = type;
        type = (PyObject *)Py_TYPE(value);
    }
    if (value == Py_None) value = NULL;
    if (traceback == Py_None) traceback = NULL;
    Py_INCREF(type);
    Py_XINCREF(value);
    Py_XINCREF(traceback);
    PyErr_Restore(type, value, traceback);
    return STEP_ERROR;
}

static Step throw(Awaitable *self, PyObject *args, PyObject **result) {
    *result = NULL;
    if (find_iterator(self) < 0) return STEP_ERROR;
    if (!has(self->iterator, str_throw)) return self->stepping ? raise_given(args) : settle(self, raise_given(args), result);
    PyObject *method = PyObject_GetAttr(self->iterator, str_throw);
    if (!method) return STEP_ERROR;
    bool nested = self->stepping;
    self->stepping = true;
    *result = PyObject_CallObject(method, args);
    self->stepping = nested;
    Py_DECREF(method);
    Step step = *result ? STEP_NEXT : stopped(result);
    return nested ? step : settle(self, step, result);
}

/* What a method hands back: the value that was yielded, or StopIteration with the one that was returned. An instance is made, since a tuple or an
 * exception given as the bare value would be taken for constructor arguments. */
static PyObject *as_method_result(Step step, PyObject *result) {
    if (step != STEP_RETURN) return result;
    PyObject *stop = PyObject_CallFunctionObjArgs(PyExc_StopIteration, result, NULL);
    Py_DECREF(result);
    if (stop) PyErr_SetObject(PyExc_StopIteration, stop);
    Py_XDECREF(stop);
    return NULL;
}

static Step am_send(PyObject *object, PyObject *argument, PyObject **result) { return send((Awaitable *)object, argument, result); }

static PyObject *am_await(PyObject *object) {
    Awaitable *self = (Awaitable *)object;
    if (self->phase == RUNNING) {
        /* A coroutine that waits for something refuses a second waiter, and says so in these words. */
        PyObject *waits_for = PyObject_GetAttr(self->inner, str_cr_await);
        bool taken = waits_for && waits_for != Py_None;
        Py_XDECREF(waits_for);
        PyErr_Clear();
        if (taken) return PyErr_Format(PyExc_RuntimeError, "coroutine is being awaited already");
    }
    Py_INCREF(object);
    return object;
}

static PyObject *tp_iternext(PyObject *object) {
    PyObject *result;
    Step step = send((Awaitable *)object, Py_None, &result);
    if (step == STEP_RETURN && result == Py_None) { /* no exception at all means StopIteration() */
        Py_DECREF(result);
        return NULL;
    }
    return as_method_result(step, result);
}

static PyObject *method_send(PyObject *object, PyObject *argument) {
    PyObject *result;
    Step step = send((Awaitable *)object, argument, &result);
    return as_method_result(step, result);
}

static PyObject *method_throw(PyObject *object, PyObject *args) {
    PyObject *result;
    Step step = throw((Awaitable *)object, args, &result);
    return as_method_result(step, result);
}

static PyObject *method_close(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Awaitable *self = (Awaitable *)object;
    PyObject *target = self->iterator ? self->iterator : self->inner;
    if (!has(target, str_close)) Py_RETURN_NONE;
    bool nested = self->stepping;
    self->stepping = true;
    PyObject *closed = PyObject_CallMethodObjArgs(target, str_close, NULL);
    self->stepping = nested;
    if (nested) return closed;
    if (!closed) {
        end(self, &closed);
        return NULL;
    }
    end_given_up(self);
    if (PyErr_Occurred()) Py_CLEAR(closed);
    return closed;
}

/* ---- the type ---- */

static PyObject *get_attribute(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GenericGetAttr(object, name);
    if (value || !PyErr_ExceptionMatches(PyExc_AttributeError)) return value;
    PyErr_Clear();
    return PyObject_GetAttr(((Awaitable *)object)->inner, name);
}

static PyObject *get_class(PyObject *object, void *Py_UNUSED(closure)) {
    return PyObject_GetAttrString(((Awaitable *)object)->inner, "__class__");
}

static PyObject *represent(PyObject *object) { return PyObject_Repr(((Awaitable *)object)->inner); }

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Awaitable *self = (Awaitable *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->inner);
    Py_VISIT(self->iterator);
    Py_VISIT(self->watcher);
    Py_VISIT(self->instance);
    return exchange_visit(&self->exchange, visit, arg);
}

/* The collector ends what is in a dead cycle before it takes it apart. */
static void finalize(PyObject *object) {
    Awaitable *self = (Awaitable *)object;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (begun(self)) {
        end_given_up(self);
        fault_deliver_late();
    }
    self->phase = ENDED;
    PyErr_Restore(type, value, traceback);
}

static int clear(PyObject *object) {
    Awaitable *self = (Awaitable *)object;
    Py_CLEAR(self->inner);
    Py_CLEAR(self->iterator);
    forget(self);
    return 0;
}

/* The coroutine behind goes first, so that its `finally` blocks run before `after` is told. */
static void dealloc(PyObject *object) {
    Awaitable *self = (Awaitable *)object;
    PyObject_GC_UnTrack(object);
    if (self->weakrefs) PyObject_ClearWeakRefs(object);
    Py_CLEAR(self->iterator);
    Py_CLEAR(self->inner);
    finalize(object);
    forget(self);
    Py_CLEAR(self->watcher);
    free_instance(object);
}

static PyMethodDef methods[] = {
    {"send", method_send, METH_O, NULL},
    {"throw", method_throw, METH_VARARGS, NULL},
    {"close", method_close, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Awaitable, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef attributes[] = {
    {"__class__", get_class, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* am_send stands last: where the running Python does not know the slot, the array ends before it. */
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)not_constructible},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_finalize, (void *)finalize},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_repr, (void *)represent},
    {Py_tp_iternext, (void *)tp_iternext},
    {Py_tp_methods, (void *)methods},
    {Py_tp_members, (void *)members},
    {Py_tp_getset, (void *)attributes},
    {Py_am_await, (void *)am_await},
    {SLOT_AM_SEND, (void *)am_send},
    {0, NULL},
};
static PyType_Spec spec = {"_native.Awaitable", sizeof(Awaitable), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

static int intern_names(void) {
    str_send = PyUnicode_InternFromString("send");
    str_throw = PyUnicode_InternFromString("throw");
    str_close = PyUnicode_InternFromString("close");
    str_await = PyUnicode_InternFromString("__await__");
    str_next = PyUnicode_InternFromString("__next__");
    str_cr_await = PyUnicode_InternFromString("cr_await");
    str_value = PyUnicode_InternFromString("value");
    return str_send && str_throw && str_close && str_await && str_next && str_cr_await && str_value ? 0 : -1;
}

int awaitable_register(PyObject *module) {
    if (!PyIter_Send) slots[sizeof slots / sizeof *slots - 2] = (PyType_Slot){0, NULL};
    PyObject *types = PyImport_ImportModule("types"); /* every Python has it loaded when a script starts */
    if (!types) return -1;
    coroutine_type = (PyTypeObject *)PyObject_GetAttrString(types, "CoroutineType");
    Py_DECREF(types);
    awaitable_type = type_from_spec(module, &spec, NULL);
    return coroutine_type && awaitable_type ? intern_names() : -1;
}
