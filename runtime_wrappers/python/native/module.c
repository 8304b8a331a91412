/* The module `_native`: composes the others, and has the small functions that hooks in Python need in C. One interpreter (single-phase initialisation): a
 * function's subinterpreters are not watched.
 *
 *     now() -> CLOCK_REALTIME in nanoseconds, apart from `time`: user code may have frozen that
 *     quoted(text) -> JSON      apart from `json`: it would be seen in sys.modules
 *     reset(variable, token)    ContextVar.reset, in one instruction, since a signal handler's exception may come up between any two; nothing where a
 *                               coroutine was given up by its driver, and ended in another context
 *     Ending(function)          calls function() when it is dropped
 */
#include "native.h"

#include <time.h>

#define DEFINE(id, text) PyObject *str_##id;
NAMES(DEFINE)

static int intern_names(void) {
#define INTERN(id, text) \
    if (!(str_##id = PyUnicode_InternFromString(text))) return -1;
    NAMES(INTERN)
    return 0;
}

long long spool_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static PyObject *native_now(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) { return PyLong_FromLongLong(spool_now()); }

static PyObject *native_quoted(PyObject *Py_UNUSED(module), PyObject *string) {
    if (!PyUnicode_Check(string)) return PyErr_Format(PyExc_TypeError, "quoted takes str, not %R", (PyObject *)Py_TYPE(string));
    Text text;
    text_begin(&text);
    text_quoted(&text, string, PY_SSIZE_T_MAX);
    PyObject *quoted = text.failed ? PyErr_NoMemory() : PyUnicode_FromStringAndSize(text.data, (Py_ssize_t)text.size);
    text_end(&text);
    return quoted;
}

static PyObject *native_reset(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *variable, *token;
    if (!PyArg_UnpackTuple(args, "reset", 2, 2, &variable, &token)) return NULL;
    if (PyContextVar_Reset(variable, token) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) return NULL;
        PyErr_Clear();
    }
    Py_RETURN_NONE;
}

/* ---- Ending ---- */

typedef struct {
    OBJECT_HEAD
    PyObject *function; /* NULL once it was called */
} Ending;

static void drop(PyObject *object, bool Py_UNUSED(last)) {
    PyObject *function = ((Ending *)object)->function;
    ((Ending *)object)->function = NULL;
    if (!function) return;
    Py_XDECREF(PyObject_CallObject(function, NULL));
    fault_settle_late(str_ending);
    Py_DECREF(function);
}

static Kind ending_kind;

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *function;
    Ending *self = PyArg_UnpackTuple(args, "Ending", 1, 1, &function) ? (Ending *)object_new(&ending_kind) : NULL;
    if (self) keep(&self->function, function);
    return (PyObject *)self;
}

static Kind ending_kind = {.name = "_native.Ending", .size = sizeof(Ending), .held = 1, .make = make, .end = drop};

static PyMethodDef functions[] = {
    {"now", native_now, METH_NOARGS, "now() -> CLOCK_REALTIME in nanoseconds, even where time was frozen"},
    {"quoted", native_quoted, METH_O, "quoted(text) -> the same as a string of JSON, in ASCII"},
    {"reset", native_reset, METH_VARARGS, "reset(variable, token)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "What the wrapper does in C: hooks without frames, captures, the spool.", -1, functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) {
    static int (*const parts[])(PyObject *) = {
        faults_register, hook_register, hooked_register,        awaitable_register,  capture_register,
        writer_register, call_register, http_exchange_register, http_hooks_register, run_main_register,
    };
    PyObject *module = intern_names() < 0 ? NULL : PyModule_Create(&definition);
    if (module && kind_register(module, &ending_kind) < 0) Py_CLEAR(module);
    for (size_t i = 0; module && i < sizeof parts / sizeof *parts; i++)
        if (parts[i](module) < 0) Py_CLEAR(module);
    return module;
}
