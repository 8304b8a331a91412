/* The scan for Python: `scan(text, names, starts, min_any)` returns the five columns of spans and the words, as arrays of uint32, and what
 * was seen. The scan writes into these arrays itself: nothing is copied, and Python's allocator knows of all memory. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "scan.h"

#include <limits.h>

static uint32_t *resize(void *context, int column, size_t bytes)
{
    PyObject **arrays = context;
    if (arrays[column] == NULL) {
        arrays[column] = PyByteArray_FromStringAndSize(NULL, 0);
    }
    bool done = arrays[column] != NULL && PyByteArray_Resize(arrays[column], (Py_ssize_t)bytes) == 0;
    return done ? (uint32_t *)(void *)PyByteArray_AsString(arrays[column]) : NULL;
}

static PyObject *scan_bytes(PyObject *self, PyObject *arguments)
{
    (void)self;
    Py_buffer text, names, starts;
    struct scan_vocabulary vocabulary;
    if (!PyArg_ParseTuple(arguments, "y*y*y*I", &text, &names, &starts, &vocabulary.min_any)) {
        return NULL;
    }
    PyObject *arrays[SCAN_COLUMNS] = {NULL}, *found = NULL;
    struct scan scan = {.resize = resize, .context = arrays};
    vocabulary.names = names.buf;
    vocabulary.starts = starts.buf;
    if (names.len != SCAN_BITS || starts.len != SCAN_BITS || text.len >= INT_MAX) {
        PyErr_SetString(PyExc_ValueError, "a text below 2 GiB and two tables of 4,096 bytes are needed");
    } else if (scan_text(&scan, text.buf, (uint32_t)text.len, &vocabulary)) {
        found = Py_BuildValue("OOOOOOI", arrays[KINDS], arrays[STARTS], arrays[ENDS], arrays[PARENTS], arrays[AFTERS], arrays[WORDS],
                              (unsigned int)scan.seen);
    }
    for (int column = 0; column < SCAN_COLUMNS; column++) {
        Py_XDECREF(arrays[column]);
    }
    PyBuffer_Release(&text);
    PyBuffer_Release(&names);
    PyBuffer_Release(&starts);
    return found;
}

static PyMethodDef methods[] = {
    {"scan", scan_bytes, METH_VARARGS, "Take a text apart, as aftercall.masking.scan does."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scanner", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scanner(void)
{
    return PyModule_Create(&module);
}
