/* The arguments of a call under a hook, as they come: a vector with keyword names, or wrapt's tuple and dict. */
#include "native.h"

static PyObject *no_kwargs; /* for hooks to read; none of them writes */

PyObject *arguments_get(const Arguments *arguments, Py_ssize_t index, const char *name) {
    if (!arguments->vector) {
        if (index < PyTuple_Size(arguments->tuple)) return PyTuple_GetItem(arguments->tuple, index);
        return arguments->dict ? PyDict_GetItemString(arguments->dict, name) : NULL;
    }
    if (index < arguments->count) return arguments->vector[index];
    Py_ssize_t named = arguments->names ? PyTuple_Size(arguments->names) : 0;
    for (Py_ssize_t i = 0; i < named; i++)
        if (PyUnicode_CompareWithASCIIString(PyTuple_GetItem(arguments->names, i), name) == 0) return arguments->vector[arguments->count + i];
    return NULL;
}

static PyObject *tuple_of(PyObject *const *values, Py_ssize_t count) {
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple && i < count; i++) {
        Py_INCREF(values[i]);
        PyTuple_SetItem(tuple, i, values[i]);
    }
    return tuple;
}

static PyObject *dict_of(PyObject *const *values, PyObject *names) {
    PyObject *dict = PyDict_New();
    Py_ssize_t count = PyTuple_Size(names);
    for (Py_ssize_t i = 0; dict && i < count; i++)
        if (PyDict_SetItem(dict, PyTuple_GetItem(names, i), values[i]) < 0) Py_CLEAR(dict);
    return dict;
}

static PyObject *shared_or(PyObject *dict) {
    if (!dict) dict = no_kwargs;
    Py_INCREF(dict);
    return dict;
}

int arguments_unpack(const Arguments *arguments, PyObject **tuple, PyObject **dict) {
    if (arguments->vector) {
        *tuple = tuple_of(arguments->vector, arguments->count);
        *dict = arguments->names ? dict_of(arguments->vector + arguments->count, arguments->names) : shared_or(NULL);
    } else {
        Py_INCREF(*tuple = arguments->tuple);
        *dict = shared_or(arguments->dict);
    }
    if (*tuple && *dict) return 0;
    Py_CLEAR(*tuple);
    Py_CLEAR(*dict);
    return -1;
}

int arguments_register(PyObject *Py_UNUSED(module)) {
    no_kwargs = PyDict_New();
    return no_kwargs ? 0 : -1;
}
