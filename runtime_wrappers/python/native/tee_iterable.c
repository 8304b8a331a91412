/* _native.TeeIterable(inner, capture, done): stands in for a stream of bytes and feeds what is iterated over to a capture.
 *
 *     done(error_or_None, complete)   once, guarded: at exhaustion, error, close or aclose, or when the stream is dropped
 *
 * It offers of __iter__, __next__, __aiter__ and __anext__ what the inner one's type offers, and no more, since libraries tell sync streams from async
 * ones by it; every other attribute is the inner one's. Only the first iteration is fed: a body that is sent again is the next call's.
 */
#include "native.h"

typedef struct {
    PyObject_HEAD
    PyObject *inner;
    PyObject *stream; /* an iterator that we made: the Tee it came from, which has the capture; else NULL */
    PyObject *capture, *done, *fault;
    bool ended;
} Tee;

/* By what the inner type offers. */
typedef enum { ITERABLE, ITERATOR, ASYNC_ITERABLE, ASYNC_ITERATOR, BOTH, KINDS } Kind;
static PyTypeObject *types[KINDS];
static PyObject *str_iter, *str_next, *str_aiter, *str_anext, *str_close, *str_aclose, *str_name;

static Tee *stream_of(Tee *self) { return self->stream ? (Tee *)self->stream : self; }

/* ---- telling ---- */

/* Leaves the exception that is set as it is, unless the user's own interrupts: then that one is set and -1 returned. */
static int end(Tee *stream, bool complete) {
    if (stream->ended || !stream->done) return 0;
    stream->ended = true;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *answer = PyObject_CallFunctionObjArgs(stream->done, value ? value : Py_None, complete ? Py_True : Py_False, NULL);
    if (!answer && fault_settle(str_name, stream->fault) == FAULT_IS_THE_USERS) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
        return -1;
    }
    Py_XDECREF(answer);
    PyErr_Restore(type, value, traceback);
    return 0;
}

static void feed(Tee *stream, PyObject *part) {
    if (stream->ended || !stream->capture) return;
    if (capture_feed(stream->capture, part, -1) == 0) return;
    bool not_bytes = PyErr_ExceptionMatches(PyExc_TypeError); /* the library will say so itself */
    fault_settle_late(not_bytes ? NULL : "TeeIterable");
}

/* *part is what a step gave, or NULL with an exception (or none, at the plain end of an iteration). `stop` is what marks the end. */
static void settle(Tee *stream, PyObject **part, PyObject *stop) {
    if (*part) {
        feed(stream, *part);
        return;
    }
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(stop)) {
        end(stream, false);
        return;
    }
    PyObject *type, *value, *traceback; /* the end is not an error */
    PyErr_Fetch(&type, &value, &traceback);
    if (end(stream, true) == 0) {
        PyErr_Restore(type, value, traceback);
        return;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

/* ---- iteration ---- */

static PyObject *iterator_over(Tee *stream, Kind kind, PyObject *inner) {
    if (!inner) return NULL;
    Tee *iterator = (Tee *)PyType_GenericAlloc(types[kind], 0);
    if (!iterator) {
        Py_DECREF(inner);
        return NULL;
    }
    iterator->inner = inner;
    Py_INCREF((PyObject *)stream);
    iterator->stream = (PyObject *)stream;
    return (PyObject *)iterator;
}

static PyObject *itself(PyObject *object) {
    Py_INCREF(object);
    return object;
}

static PyObject *make_iterator(PyObject *object) {
    Tee *self = (Tee *)object;
    PyObject *inner = PyObject_GetIter(self->inner);
    if (!inner) end(self, false);
    return iterator_over(self, ITERATOR, inner);
}

static PyObject *make_async_iterator(PyObject *object) {
    Tee *self = (Tee *)object;
    return iterator_over(self, ASYNC_ITERATOR, PyObject_CallMethodObjArgs(self->inner, str_aiter, NULL));
}

static PyObject *next_part(PyObject *object) {
    Tee *self = (Tee *)object;
    PyObject *part = PyIter_Next(self->inner); /* NULL without an exception at the end; what a generator returns is lost, as in a for loop */
    settle(stream_of(self), &part, PyExc_StopIteration);
    return part;
}

static void watch_next(PyObject *watcher, Exchange *Py_UNUSED(exchange), PyObject **result) {
    settle(stream_of((Tee *)watcher), result, PyExc_StopAsyncIteration);
}

static void watch_close(PyObject *watcher, Exchange *Py_UNUSED(exchange), PyObject **result) {
    if (end(stream_of((Tee *)watcher), false) < 0) Py_CLEAR(*result);
}

static const Watch next_watch = {NULL, watch_next};
static const Watch close_watch = {NULL, watch_close};

static PyObject *watched(Tee *self, const Watch *watch, PyObject *inner) {
    if (!inner) return NULL;
    PyObject *outer = awaitable_new(watch, (PyObject *)self, NULL, NULL, inner);
    Py_DECREF(inner);
    return outer;
}

static PyObject *next_part_async(PyObject *object) {
    Tee *self = (Tee *)object;
    return watched(self, &next_watch, PyObject_CallMethodObjArgs(self->inner, str_anext, NULL));
}

/* ---- close and aclose, which exist where the inner one has them ---- */

typedef struct {
    PyObject_HEAD
    Tee *tee;
    PyObject *method;
    const Watch *watch; /* aclose: of the awaitable that it returns */
} Closer;
static PyTypeObject *closer_type;

static PyObject *closer_call(PyObject *object, PyObject *args, PyObject *kwargs) {
    Closer *self = (Closer *)object;
    PyObject *result = PyObject_Call(self->method, args, kwargs);
    if (self->watch) return watched(self->tee, self->watch, result);
    if (end(stream_of(self->tee), false) < 0) Py_CLEAR(result);
    return result;
}

static PyObject *closer_attribute(PyObject *object, PyObject *name) { return PyObject_GetAttr(((Closer *)object)->method, name); }

static int closer_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT((PyObject *)((Closer *)object)->tee);
    Py_VISIT(((Closer *)object)->method);
    return 0;
}

static int closer_clear(PyObject *object) {
    Py_CLEAR(((Closer *)object)->tee);
    Py_CLEAR(((Closer *)object)->method);
    return 0;
}

static void closer_dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    closer_clear(object);
    free_instance(object);
}

static PyType_Slot closer_slots[] = {
    {Py_tp_new, (void *)not_constructible},     {Py_tp_call, (void *)closer_call},   {Py_tp_getattro, (void *)closer_attribute},
    {Py_tp_traverse, (void *)closer_traverse},  {Py_tp_clear, (void *)closer_clear}, {Py_tp_dealloc, (void *)closer_dealloc},
    {0, NULL},
};
static PyType_Spec closer_spec = {"_native.TeeClose", sizeof(Closer), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, closer_slots};

/* Steals `method`. */
static PyObject *closer_new(Tee *tee, PyObject *method, const Watch *watch) {
    Closer *closer = (Closer *)PyType_GenericAlloc(closer_type, 0);
    if (!closer) {
        Py_DECREF(method);
        return NULL;
    }
    Py_INCREF((PyObject *)tee);
    closer->tee = tee;
    closer->method = method;
    closer->watch = watch;
    return (PyObject *)closer;
}

/* ---- the types ---- */

static bool is_name(PyObject *name, PyObject *wanted) { return name == wanted || PyUnicode_Compare(name, wanted) == 0; }

/* Nothing is an attribute of our own but what the type must offer: the rest, `__class__` included, is the inner one's. */
static PyObject *get_attribute(PyObject *object, PyObject *name) {
    Tee *self = (Tee *)object;
    if (is_name(name, str_iter) || is_name(name, str_next) || is_name(name, str_aiter) || is_name(name, str_anext)) return PyObject_GenericGetAttr(object, name);
    PyObject *value = PyObject_GetAttr(self->inner, name);
    if (!value) return NULL;
    /* An iterator that we made is one pass over the stream: closing it does not close the stream. */
    if (!self->stream && is_name(name, str_close)) return closer_new(self, value, NULL);
    if (!self->stream && is_name(name, str_aclose)) return closer_new(self, value, &close_watch);
    return value;
}

static int set_attribute(PyObject *object, PyObject *name, PyObject *value) {
    PyObject *inner = ((Tee *)object)->inner;
    return PyObject_SetAttr(inner, name, value);
}

static PyObject *represent(PyObject *object) { return PyObject_Repr(((Tee *)object)->inner); }

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Tee *self = (Tee *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->inner);
    Py_VISIT(self->stream);
    Py_VISIT(self->capture);
    Py_VISIT(self->done);
    Py_VISIT(self->fault);
    return 0;
}

static int clear(PyObject *object) {
    Tee *self = (Tee *)object;
    Py_CLEAR(self->inner);
    Py_CLEAR(self->stream);
    Py_CLEAR(self->capture);
    Py_CLEAR(self->done);
    Py_CLEAR(self->fault);
    return 0;
}

/* Dropped before its end. The collector calls this before it takes a cycle apart. */
static void finalize(PyObject *object) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (end((Tee *)object, false) < 0) fault_deliver_late();
    PyErr_Restore(type, value, traceback);
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    Py_CLEAR(((Tee *)object)->inner);
    finalize(object);
    clear(object);
    free_instance(object);
}

#define SHARED_SLOTS                                                                                                                                 \
    {Py_tp_new, (void *)not_constructible}, {Py_tp_getattro, (void *)get_attribute}, {Py_tp_setattro, (void *)set_attribute},                         \
        {Py_tp_repr, (void *)represent}, {Py_tp_traverse, (void *)traverse}, {Py_tp_clear, (void *)clear}, {Py_tp_finalize, (void *)finalize},        \
        {Py_tp_dealloc, (void *)dealloc}, {0, NULL}

static PyType_Slot iterable_slots[] = {{Py_tp_iter, (void *)make_iterator}, SHARED_SLOTS};
static PyType_Slot iterator_slots[] = {{Py_tp_iter, (void *)itself}, {Py_tp_iternext, (void *)next_part}, SHARED_SLOTS};
static PyType_Slot async_iterable_slots[] = {{Py_am_aiter, (void *)make_async_iterator}, SHARED_SLOTS};
static PyType_Slot async_iterator_slots[] = {{Py_am_aiter, (void *)itself}, {Py_am_anext, (void *)next_part_async}, SHARED_SLOTS};
static PyType_Slot both_slots[] = {{Py_tp_iter, (void *)make_iterator}, {Py_am_aiter, (void *)make_async_iterator}, SHARED_SLOTS};

#define TEE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC)
static PyType_Spec specs[KINDS] = {
    [ITERABLE] = {"_native.TeeIterable", sizeof(Tee), 0, TEE_FLAGS, iterable_slots},
    [ITERATOR] = {"_native.TeeIterator", sizeof(Tee), 0, TEE_FLAGS, iterator_slots},
    [ASYNC_ITERABLE] = {"_native.TeeAsyncIterable", sizeof(Tee), 0, TEE_FLAGS, async_iterable_slots},
    [ASYNC_ITERATOR] = {"_native.TeeAsyncIterator", sizeof(Tee), 0, TEE_FLAGS, async_iterator_slots},
    [BOTH] = {"_native.TeeAnyIterable", sizeof(Tee), 0, TEE_FLAGS, both_slots},
};

static bool offers(PyObject *object, PyObject *name) { return PyObject_HasAttr((PyObject *)Py_TYPE(object), name); }

/* KINDS if it is not iterable at all. */
static Kind kind_of(PyObject *inner) {
    bool sync = offers(inner, str_iter), async = offers(inner, str_aiter);
    if (sync && async) return BOTH;
    if (sync) return offers(inner, str_next) ? ITERATOR : ITERABLE;
    if (async) return offers(inner, str_anext) ? ASYNC_ITERATOR : ASYNC_ITERABLE;
    return KINDS;
}

static PyObject *native_tee_iterable(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *inner, *capture, *done, *fault = NULL;
    if (!PyArg_UnpackTuple(args, "TeeIterable", 3, 4, &inner, &capture, &done, &fault)) return NULL;
    if (!capture_check(capture)) return PyErr_Format(PyExc_TypeError, "TeeIterable takes a Capture, not %R", (PyObject *)Py_TYPE(capture));
    Kind kind = kind_of(inner);
    if (kind == KINDS) return PyErr_Format(PyExc_TypeError, "%R is not iterable", (PyObject *)Py_TYPE(inner));
    Tee *tee = (Tee *)PyType_GenericAlloc(types[kind], 0);
    if (!tee) return NULL;
    Py_INCREF(tee->inner = inner);
    Py_INCREF(tee->capture = capture);
    Py_INCREF(tee->done = done);
    if (fault && fault != Py_None) Py_INCREF(tee->fault = fault);
    return (PyObject *)tee;
}

static PyMethodDef functions[] = {
    {"TeeIterable", native_tee_iterable, METH_VARARGS, "TeeIterable(inner, capture, done, fault=None): a stream like inner that feeds capture"},
    {NULL, NULL, 0, NULL},
};

int tee_iterable_register(PyObject *module) {
    str_iter = PyUnicode_InternFromString("__iter__");
    str_next = PyUnicode_InternFromString("__next__");
    str_aiter = PyUnicode_InternFromString("__aiter__");
    str_anext = PyUnicode_InternFromString("__anext__");
    str_close = PyUnicode_InternFromString("close");
    str_aclose = PyUnicode_InternFromString("aclose");
    str_name = PyUnicode_InternFromString("TeeIterable");
    if (!str_iter || !str_next || !str_aiter || !str_anext || !str_close || !str_aclose || !str_name) return -1;
    for (int kind = 0; kind < KINDS; kind++)
        if (!(types[kind] = type_from_spec(module, &specs[kind], NULL))) return -1;
    closer_type = type_from_spec(module, &closer_spec, NULL);
    return closer_type ? PyModule_AddFunctions(module, functions) : -1;
}
