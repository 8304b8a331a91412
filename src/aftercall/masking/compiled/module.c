/* The scan for Python: `scan(text, names, starts, min_any)` returns the five columns of spans and the words, as arrays of uint32, and what
 * was seen. The scan writes into these arrays itself: nothing is copied, and Python's allocator knows of all memory. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "scan.h"

#include <limits.h>

static uint32_t *resize(void *context, int column, size_t bytes) {
    PyObject **arrays = context;
    if (arrays[column] == NULL) {
        arrays[column] = PyByteArray_FromStringAndSize(NULL, 0);
    }
    bool done = arrays[column] != NULL && PyByteArray_Resize(arrays[column], (Py_ssize_t)bytes) == 0;
    return done ? (uint32_t *)(void *)PyByteArray_AsString(arrays[column]) : NULL;
}

static PyObject *scan_bytes(PyObject *self, PyObject *arguments) {
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

/* Whether the word is known to be nothing, and is nothing by what stands around it either: most words are so. -1: an error. */
static int is_nothing(const unsigned char *text, const uint32_t *word, PyObject *known, PyObject *nothing) {
    if ((word[3] & (DIGITS | ACCOUNT)) || ((word[3] & DENSE) && word[0] > 0 && text[word[0] - 1] == '/')) {
        return 0;
    }
    PyObject *key = PyBytes_FromStringAndSize((const char *)text + word[0], (Py_ssize_t)(word[1] - word[0]));
    if (key == NULL) {
        return -1;
    }
    PyObject *verdict = PyDict_GetItemWithError(known, key);
    Py_DECREF(key);
    return verdict == NULL && PyErr_Occurred() ? -1 : verdict == nothing;
}

static PyObject *drop_nothing(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer text;
    PyObject *words, *known, *nothing;
    if (!PyArg_ParseTuple(arguments, "y*O!O!O", &text, &PyByteArray_Type, &words, &PyDict_Type, &known, &nothing)) {
        return NULL;
    }
    uint32_t *from = (uint32_t *)(void *)PyByteArray_AsString(words), *to = from;
    uint32_t *end = from + (size_t)PyByteArray_Size(words) / sizeof *from;
    int dropped = 0;
    for (; end - from >= 4 && dropped >= 0; from += 4) {
        bool is_within = from[0] <= from[1] && from[1] <= (size_t)text.len;
        dropped = is_within ? is_nothing(text.buf, from, known, nothing) : 0;
        if (dropped == 0) {
            for (int number = 0; number < 4; number++) {
                *to++ = from[number];
            }
        }
    }
    PyBuffer_Release(&text);
    Py_ssize_t size = (char *)to - PyByteArray_AsString(words);
    if (dropped < 0 || PyByteArray_Resize(words, size) != 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"scan", scan_bytes, METH_VARARGS, "Take a text apart, as aftercall.masking.scan does."},
    {"drop_nothing", drop_nothing, METH_VARARGS, "Leave out the words that are known to be nothing, as aftercall.masking.scanner does."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scanner", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scanner(void) { return PyModule_Create(&module); }
