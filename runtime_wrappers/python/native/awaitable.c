/* The awaitable that stands in for a coroutine under a hook: each step goes to the one behind it, `before` runs at the first and `after` at the end
 * (return, exception, cancellation, close, or never finished).
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
    OBJECT_HEAD
    PyObject *inner;    /* what the original returned */
    PyObject *iterator; /* what is stepped: inner itself, or what its __await__ gave; NULL until the first step */
    Hook *hook;
    PyObject *instance;      /* for `before`; NULL if there is nothing left to begin */
    PyObject *args, *kwargs; /* for `before` */
    PyObject *state;         /* for `after` */
    PyObject *weakrefs;
    Phase phase;
    bool stepping; /* a step is on the stack: a second one is the driver's mistake, and the coroutine's to report */
} Awaitable;

static Kind kind;
static PyTypeObject *coroutine_type;

static bool has(PyObject *object, PyObject *name) { return Py_TYPE(object) == coroutine_type || PyObject_HasAttr(object, name); }

PyObject *awaitable_new(Hook *hook, PyObject *instance, Passage *passage, PyObject *inner) {
    Awaitable *self = has(inner, str_await) ? (Awaitable *)object_new(&kind) : NULL;
    if (!self) {
        passage_clear(passage);
        if (PyErr_Occurred()) Py_CLEAR(inner);
        return inner;
    }
    self->inner = inner;
    keep((PyObject **)&self->hook, (PyObject *)hook);
    keep(&self->instance, instance);
    self->state = passage->state;
    self->args = passage->args;
    self->kwargs = passage->kwargs;
    return (PyObject *)self;
}

/* ---- the hook ---- */

/* As a generator does with its frame, it lets go of what it no longer needs at the end, not when its last reference goes. */
static void forget(Awaitable *self) {
    Py_CLEAR(self->instance);
    Py_CLEAR(self->args);
    Py_CLEAR(self->kwargs);
    Py_CLEAR(self->state);
}

/* *result or an exception is the outcome; `after` may replace both. */
static void end(Awaitable *self, PyObject **result) {
    Passage passage = {self->state, NULL, NULL, NULL, false};
    self->state = NULL;
    self->phase = ENDED;
    hook_leave(self->hook, NULL, NULL, &passage, result);
    passage_clear(&passage);
    forget(self);
}

/* The end of one that its driver gave up: `after` is told GeneratorExit. Leaves no exception set, but for one of the user's. */
static void end_given_up(Awaitable *self) {
    PyObject *none = NULL;
    PyErr_SetNone(PyExc_GeneratorExit);
    end(self, &none);
    if (PyErr_ExceptionMatches(PyExc_GeneratorExit)) PyErr_Clear();
}

/* The user's exception came up while `before` ran: as if it had been raised before the first step, so the coroutine is closed, not left un-awaited. */
static void give_up_unstarted(Awaitable *self) {
    Raised raised = raised_take();
    PyObject *closed = PyObject_CallMethodObjArgs(self->inner, str_close, NULL);
    if (!closed) PyErr_Clear();
    Py_XDECREF(closed);
    raised_again(raised);
    self->phase = ENDED;
    forget(self);
}

static int begin(Awaitable *self) {
    if (self->phase != FRESH) return 0;
    self->phase = RUNNING;
    if (!self->instance || !self->args) return 0;
    Passage passage;
    Arguments arguments = {NULL, 0, 0, NULL, self->args, self->kwargs};
    if (hook_enter(self->hook, self->instance, &arguments, &passage) < 0) {
        give_up_unstarted(self);
        return -1;
    }
    forget(self);
    self->state = passage.state;
    return 0;
}

static int find_iterator(Awaitable *self) {
    if (!self->iterator && has(self->inner, str_send))
        keep(&self->iterator, self->inner);
    else if (!self->iterator)
        self->iterator = PyObject_CallMethodObjArgs(self->inner, str_await, NULL);
    return self->iterator ? 0 : -1;
}

/* ---- steps ---- */

/* A StopIteration that is set becomes its value; any other exception stays. */
static Step stopped(PyObject **result) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_StopIteration)) return STEP_ERROR;
    Raised stop = raised_take();
    if (stop.value)
        *result = PyObject_GetAttr(stop.value, str_value);
    else
        Py_INCREF(*result = Py_None);
    raised_drop(stop);
    return *result ? STEP_RETURN : STEP_ERROR;
}

static Step send_by_method(PyObject *iterator, PyObject *argument, PyObject **result) {
    if (argument == Py_None && !has(iterator, str_send))
        *result = PyObject_CallMethodObjArgs(iterator, str_next, NULL);
    else
        *result = PyObject_CallMethodObjArgs(iterator, str_send, argument, NULL);
    return *result ? STEP_NEXT : stopped(result);
}

/* `nested`: it is not ours to end. */
static Step settle(Awaitable *self, bool nested, Step step, PyObject **result) {
    self->stepping = nested;
    if (nested || step == STEP_NEXT) return step;
    end(self, result);
    return *result ? STEP_RETURN : STEP_ERROR;
}

static Step send(Awaitable *self, PyObject *argument, PyObject **result) {
    *result = NULL;
    bool nested = self->stepping;
    if (!nested && begin(self) < 0) return STEP_ERROR;
    if (find_iterator(self) < 0) return settle(self, nested, STEP_ERROR, result);
    self->stepping = true;
    Step step = PyIter_Send ? PyIter_Send(self->iterator, argument, result) : send_by_method(self->iterator, argument, result);
    return settle(self, nested, step, result);
}

/* An iterator without a throw() is given up, and the exception raised where it was awaited: as a generator does (gen_throw in Objects/genobject.c). */
static void raise_given(PyObject *args) {
    Raised given = {NULL, NULL, NULL};
    if (!PyArg_UnpackTuple(args, "throw", 1, 3, &given.type, &given.value, &given.traceback)) return;
    if (!PyType_Check(given.type)) {
        given.value = given.type;
        given.type = (PyObject *)Py_TYPE(given.value);
    }
    if (given.value == Py_None) given.value = NULL;
    if (given.traceback == Py_None) given.traceback = NULL;
    Py_INCREF(given.type);
    Py_XINCREF(given.value);
    Py_XINCREF(given.traceback);
    raised_again(given);
}

static Step throw(Awaitable *self, PyObject *args, PyObject **result) {
    *result = NULL;
    bool nested = self->stepping;
    if (find_iterator(self) < 0) return STEP_ERROR;
    PyObject *method = has(self->iterator, str_throw) ? PyObject_GetAttr(self->iterator, str_throw) : NULL;
    self->stepping = true;
    if (method)
        *result = PyObject_CallObject(method, args);
    else if (!PyErr_Occurred())
        raise_given(args);
    Py_XDECREF(method);
    return settle(self, nested, *result ? STEP_NEXT : method ? stopped(result) : STEP_ERROR, result);
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

static PyObject *method_send(PyObject *object, PyObject *argument) {
    PyObject *result;
    Step step = send((Awaitable *)object, argument, &result);
    return as_method_result(step, result);
}

static PyObject *iternext(PyObject *object) { return method_send(object, Py_None); }

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
    if (closed)
        end_given_up(self);
    else
        end(self, &closed);
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

static PyObject *get_class(PyObject *object, void *Py_UNUSED(closure)) { return PyObject_GetAttr(((Awaitable *)object)->inner, str_class); }

static PyObject *represent(PyObject *object) { return PyObject_Repr(((Awaitable *)object)->inner); }

/* The coroutine behind goes first, so that its `finally` blocks run before `after` is told. */
static void drop(PyObject *object, bool last) {
    Awaitable *self = (Awaitable *)object;
    if (last) {
        Py_CLEAR(self->iterator);
        Py_CLEAR(self->inner);
    }
    if (self->state) {
        end_given_up(self);
        fault_deliver_late();
    }
    self->phase = ENDED;
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
    {Py_tp_getattro, (void *)get_attribute}, {Py_tp_repr, (void *)represent},  {Py_tp_iternext, (void *)iternext},
    {Py_tp_methods, (void *)methods},        {Py_tp_members, (void *)members}, {Py_tp_getset, (void *)attributes},
    {Py_am_await, (void *)am_await},         {SLOT_AM_SEND, (void *)am_send},  {0, NULL},
};
static Kind kind = {.name = "_native.Awaitable", .size = sizeof(Awaitable), .held = 7, .end = drop, .has_weakrefs = true, .slots = slots};

int awaitable_register(PyObject *module) {
    if (!PyIter_Send) slots[sizeof slots / sizeof *slots - 2] = (PyType_Slot){0, NULL};
    PyObject *types = PyImport_ImportModule("types"); /* every Python has it loaded when a script starts */
    coroutine_type = types ? (PyTypeObject *)PyObject_GetAttrString(types, "CoroutineType") : NULL;
    Py_XDECREF(types);
    return coroutine_type ? kind_register(module, &kind) : -1;
}
