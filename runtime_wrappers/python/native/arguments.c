/* The arguments of a function under a hook, as they come: a vector with keyword names, or wrapt's tuple and dict. */
#include "native.h"

/* Every Python since 3.9 exports one of these. */
extern PyObject *PyObject_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *) __attribute__((weak));
extern PyObject *_PyFunction_Vectorcall(PyObject *, PyObject *const *, size_t, PyObject *) __attribute__((weak));

static PyObject *tuple_of(PyObject *const *values, Py_ssize_t count) {
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple && i < count; i++) {
        Py_INCREF(values[i]);
        PyTuple_SetItem(tuple, i, values[i]);
    }
    return tuple;
}

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

int arguments_unpack(const Arguments *arguments, PyObject **tuple, PyObject **dict) {
    PyObject *names = arguments->names;
    if (arguments->tuple)
        Py_INCREF(*tuple = arguments->tuple);
    else
        *tuple = tuple_of(arguments->vector, arguments->count);
    if (arguments->dict)
        Py_INCREF(*dict = arguments->dict);
    else
        *dict = PyDict_New();
    for (Py_ssize_t i = 0; *dict && names && i < PyTuple_Size(names); i++)
        if (PyDict_SetItem(*dict, PyTuple_GetItem(names, i), arguments->vector[arguments->count + i]) < 0) Py_CLEAR(*dict);
    if (*tuple && *dict) return 0;
    Py_CLEAR(*tuple);
    Py_CLEAR(*dict);
    return -1;
}

static PyObject *call_unpacked(PyObject *function, const Arguments *arguments, PyObject *args, PyObject *kwargs) {
    PyObject *front = tuple_of(arguments->vector - arguments->front, arguments->front);
    PyObject *all = front ? PySequence_Concat(front, args) : NULL;
    PyObject *result = all ? PyObject_Call(function, all, kwargs) : NULL;
    Py_XDECREF(front);
    Py_XDECREF(all);
    return result;
}

/* By vectorcall, since any other call would take one from the recursion depth until 3.11. 3.9 has it for functions, its limited API has not. */
PyObject *arguments_call(PyObject *function, const Arguments *arguments, PyObject *args, PyObject *kwargs) {
    PyObject *const *vector = arguments->vector - arguments->front;
    size_t count = (size_t)(arguments->count + arguments->front);
    if (args && arguments->front) return call_unpacked(function, arguments, args, kwargs);
    if (args || arguments->tuple) return PyObject_Call(function, args ? args : arguments->tuple, args ? kwargs : arguments->dict);
    return PyObject_Vectorcall ? PyObject_Vectorcall(function, vector, count, arguments->names)
                               : _PyFunction_Vectorcall(function, vector, count, arguments->names);
}
