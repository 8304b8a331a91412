/* What hooks in Python code must do in one instruction, since a signal handler's exception may come up between any two.
 *
 *     reset(variable, token)   ContextVar.reset; nothing where a coroutine was given up by its driver, and ended in another context
 *     Ending(function)         calls function() when it is dropped
 */
#include "native.h"

typedef struct {
    PyObject_HEAD
    PyObject *function; /* NULL once it was called */
} Ending;

static PyTypeObject *ending_type;

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

static PyObject *new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *function;
    if (!PyArg_UnpackTuple(args, "Ending", 1, 1, &function)) return NULL;
    Ending *self = (Ending *)PyType_GenericAlloc(type, 0);
    if (self) Py_INCREF(self->function = function);
    return (PyObject *)self;
}

/* The collector calls it before it takes a cycle apart. */
static void finalize(PyObject *object) {
    PyObject *function = ((Ending *)object)->function, *type, *value, *traceback;
    if (!function) return;
    ((Ending *)object)->function = NULL;
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(PyObject_CallObject(function, NULL));
    fault_settle_late("Ending.__del__");
    Py_DECREF(function);
    PyErr_Restore(type, value, traceback);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((Ending *)object)->function);
    return 0;
}

static int clear(PyObject *object) {
    Py_CLEAR(((Ending *)object)->function);
    return 0;
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    finalize(object);
    free_instance(object);
}

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)new},     {Py_tp_dealloc, (void *)dealloc},   {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear}, {Py_tp_finalize, (void *)finalize}, {0, NULL},
};
static PyType_Spec spec = {"_native.Ending", sizeof(Ending), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

static PyMethodDef functions[] = {
    {"reset", native_reset, METH_VARARGS, "reset(variable, token)"},
    {NULL, NULL, 0, NULL},
};

int context_register(PyObject *module) {
    ending_type = type_from_spec(module, &spec, "Ending");
    return ending_type ? PyModule_AddFunctions(module, functions) : -1;
}
