/* _native.begin(library, method, url, host, port, proxy=None) -> a Call of which nothing is written yet; None if it is not recorded at all.
 * _native.decide_with(known, decide): `known` is the dict of earlier answers by (host, port), decide(host, port) finds a new one. See capture_rules.py.
 */
#include "native.h"

enum { NOTHING, HEAD_ONLY, ALL }; /* as in capture_rules.py */

static PyObject *known, *decide;

static long capture_of(PyObject *host, PyObject *port) {
    PyObject *key = PyTuple_New(2);
    if (!key) return -1;
    Py_INCREF(host);
    PyTuple_SetItem(key, 0, host);
    Py_INCREF(port);
    PyTuple_SetItem(key, 1, port);
    PyObject *found = PyDict_GetItemWithError(known, key);
    Py_DECREF(key);
    if (found) return PyLong_AsLong(found);
    PyObject *answer = PyErr_Occurred() ? NULL : PyObject_CallFunctionObjArgs(decide, host, port, NULL);
    long capture = answer ? PyLong_AsLong(answer) : -1;
    Py_XDECREF(answer);
    return capture;
}

PyObject *call_begin(PyObject *library, PyObject *method, PyObject *url, PyObject *host, PyObject *port, PyObject *proxy) {
    if (!known) return PyErr_Format(PyExc_RuntimeError, "begin() before decide_with()");
    long capture = capture_of(host, port);
    if (capture == -1 && PyErr_Occurred()) return NULL;
    if (capture == NOTHING) Py_RETURN_NONE;
    return call_new(library, method, url, proxy, capture == ALL);
}

static PyObject *native_begin(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *library, *method, *url, *host, *port, *proxy = NULL;
    if (!PyArg_UnpackTuple(args, "begin", 5, 6, &library, &method, &url, &host, &port, &proxy)) return NULL;
    return call_begin(library, method, url, host, port, proxy);
}

static PyObject *native_decide_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *answers, *function;
    if (!PyArg_ParseTuple(args, "O!O:decide_with", &PyDict_Type, &answers, &function)) return NULL;
    Py_INCREF(answers);
    set_reference(&known, answers);
    Py_INCREF(function);
    set_reference(&decide, function);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"begin", native_begin, METH_VARARGS, "begin(library, method, url, host, port, proxy=None) -> Call or None"},
    {"decide_with", native_decide_with, METH_VARARGS, "decide_with(known: dict, decide): what of a host's calls is captured"},
    {NULL, NULL, 0, NULL},
};

int begin_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
