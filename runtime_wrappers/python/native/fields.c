/* _native.fields(**values) -> `,"name":value` for each value that is not None, as str: the tail of a header. bool and int as they are, all else as text. */
#include "native.h"

static int put_number(Text *text, PyObject *value) {
    PyObject *digits = PyObject_Str(value);
    const char *data = digits ? PyUnicode_AsUTF8AndSize(digits, NULL) : NULL;
    if (data) text_string(text, data);
    Py_XDECREF(digits);
    return data ? 0 : -1;
}

static int put_text(Text *text, PyObject *value) {
    PyObject *string = PyObject_Str(value);
    if (!string) return -1;
    text_quoted(text, string, PY_SSIZE_T_MAX);
    Py_DECREF(string);
    return 0;
}

static int put_value(Text *text, PyObject *value) {
    if (PyBool_Check(value)) {
        text_string(text, value == Py_True ? "true" : "false");
        return 0;
    }
    return PyLong_Check(value) ? put_number(text, value) : put_text(text, value);
}

static int put_fields(Text *text, PyObject *values) {
    PyObject *name, *value;
    for (Py_ssize_t at = 0; PyDict_Next(values, &at, &name, &value);) {
        if (value == Py_None) continue;
        text_string(text, ",");
        if (put_text(text, name) < 0) return -1;
        text_string(text, ":");
        if (put_value(text, value) < 0) return -1;
    }
    return 0;
}

static PyObject *native_fields(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(args), PyObject *values) {
    Text text;
    text_begin(&text);
    int outcome = values ? put_fields(&text, values) : 0;
    if (outcome == 0 && text.failed) PyErr_NoMemory();
    PyObject *tail = PyErr_Occurred() ? NULL : PyUnicode_FromStringAndSize(text.data, (Py_ssize_t)text.size);
    text_end(&text);
    return tail;
}

static PyMethodDef functions[] = {
    {"fields", (PyCFunction)(void (*)(void))native_fields, METH_VARARGS | METH_KEYWORDS, "fields(**values) -> ',\"name\":value' for each that is not None"},
    {NULL, NULL, 0, NULL},
};

int fields_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
