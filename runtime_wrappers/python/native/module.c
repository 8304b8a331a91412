/* The module `_native`: composes the others. One interpreter (single-phase initialisation): a function's subinterpreters are not watched. */
#include "native.h"

PyObject *not_constructible(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    return PyErr_Format(PyExc_TypeError, "%R has no constructor", (PyObject *)type);
}

void set_reference(PyObject **reference, PyObject *value) {
    PyObject *old = *reference;
    *reference = value;
    Py_XDECREF(old);
}

PyTypeObject *type_from_spec(PyObject *module, PyType_Spec *spec, const char *name) {
    PyObject *type = PyType_FromSpec(spec);
    if (!type || !name) return (PyTypeObject *)type;
    Py_INCREF(type); /* PyModule_AddObject takes one, the caller the other */
    if (PyModule_AddObject(module, name, type) < 0) {
        Py_DECREF(type);
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

void free_instance(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF((PyObject *)type);
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "What the wrapper does in C: hooks without frames, captures, the spool.", -1, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) {
    static int (*const parts[])(PyObject *) = {
        faults_register,       arguments_register,   hook_register, native_hook_register, hooked_register,   awaitable_register, capture_register,
        context_register,
        tee_readinto_register, tee_iterable_register, clock_register, fields_register, writer_register, call_register,  begin_register,
        http_exchange_register, http_connection_register, http_response_register, run_main_register,
    };
    PyObject *module = PyModule_Create(&definition);
    for (size_t i = 0; module && i < sizeof parts / sizeof *parts; i++)
        if (parts[i](module) < 0) Py_CLEAR(module);
    return module;
}
