/* The arguments of a call under a hook, as they come: a vector with keyword names, or wrapt's tuple and dict; and calls by vector on every Python. */
#include "native.h"

static PyTypeObject *function_type;
static PyObject *no_kwargs; /* for hooks to read; none of them writes */

PyObject *arguments_get(const Arguments *arguments, Py_ssize_t index, const char *name) {
    if (arguments->tuple) {
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
    if (!arguments->tuple) {
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

/* Every Python since 3.9 exports one of these. */
extern PyObject *PyObject_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *) __attribute__((weak));
extern PyObject *_PyFunction_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *) __attribute__((weak));

static PyObject *call_unpacked(PyObject *callable, const Arguments *arguments) {
    PyObject *tuple, *dict;
    if (arguments_unpack(arguments, &tuple, &dict) < 0) return NULL;
    PyObject *result = PyObject_Call(callable, tuple, dict);
    Py_DECREF(tuple);
    Py_DECREF(dict);
    return result;
}

PyObject *call_vector(PyObject *callable, PyObject *const *args, size_t flagged, PyObject *names) {
    if (PyObject_Vectorcall) return PyObject_Vectorcall(callable, args, flagged, names);
    if (_PyFunction_Vectorcall && Py_TYPE(callable) == function_type) return _PyFunction_Vectorcall(callable, args, flagged, names);
    Arguments arguments = {args, (Py_ssize_t)(flagged & ~OFFSET_FLAG), names, NULL, NULL};
    return call_unpacked(callable, &arguments);
}

int arguments_register(PyObject *Py_UNUSED(module)) {
    no_kwargs = PyDict_New();
    PyObject *types = PyImport_ImportModule("types"); /* every Python has it loaded when a script starts */
    function_type = types ? (PyTypeObject *)PyObject_GetAttrString(types, "FunctionType") : NULL;
    Py_XDECREF(types);
    return no_kwargs && function_type ? 0 : -1;
}
