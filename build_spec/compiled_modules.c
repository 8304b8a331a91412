/* The way in to the modules that mypyc compiled (build_spec/compiled_modules.py): `make(name)` makes one of them.
 *
 * mypyc means each module to be a shared object of its own, which asks that of the group for the code. Here all is in one, and
 * src/aftercall/extension/compiled_finder.py asks for a module when it is imported.
 */
#include "CPy.h"

#define MODULE(name, make) PyObject *make(void);
#include "modules.h"
#undef MODULE

static const struct {
    const char *name;
    PyObject *(*make)(void);
} MODULES[] = {
#define MODULE(name, make) {name, make},
#include "modules.h"
#undef MODULE
};

#define GROUP "aftercall__mypyc"
PyMODINIT_FUNC PyInit_aftercall__mypyc(void);

static PyObject *make(PyObject *self, PyObject *name) {
    (void)self;
    for (size_t at = 0; PyUnicode_Check(name) && at < sizeof MODULES / sizeof *MODULES; at++) {
        if (PyUnicode_CompareWithASCIIString(name, MODULES[at].name) == 0) {
            return MODULES[at].make();
        }
    }
    PyErr_SetObject(PyExc_ImportError, name);
    return NULL;
}

static PyObject *names(void) {
    Py_ssize_t count = sizeof MODULES / sizeof *MODULES;
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t at = 0; tuple != NULL && at < count; at++) {
        PyObject *name = PyUnicode_FromString(MODULES[at].name);
        if (name == NULL) {
            Py_CLEAR(tuple);
        } else {
            PyTuple_SET_ITEM(tuple, at, name);
        }
    }
    return tuple;
}

/* The modules look it up by its name, and take their own `__file__` from it. */
static int make_group(void) {
    PyObject *group = PyInit_aftercall__mypyc();
    int failed = group == NULL || PyModule_AddStringConstant(group, "__file__", "/" GROUP) < 0 ||
                 PyDict_SetItemString(PyImport_GetModuleDict(), GROUP, group) < 0;
    Py_XDECREF(group);
    return failed ? -1 : 0;
}

static PyMethodDef METHODS[] = {{"make", make, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef DEFINITION = {PyModuleDef_HEAD_INIT, .m_name = "aftercall_compiled", .m_size = -1, .m_methods = METHODS};

__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit_aftercall_compiled(void) {
    PyObject *module = PyModule_Create(&DEFINITION);
    PyObject *known = module == NULL ? NULL : names();
    if (known == NULL || PyModule_AddObject(module, "NAMES", known) < 0) {
        Py_XDECREF(known);
        Py_XDECREF(module);
        return NULL;
    }
    if (make_group() < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}

/* `data[start:end]` for bytes. mypyc's own, which is compiled under another name, raises SystemError where the end lies before the start, as
 * in `data[-1:0]`. */
PyObject *CPyBytes_GetSlice(PyObject *object, CPyTagged start, CPyTagged end) {
    if (!PyBytes_CheckExact(object) || !CPyTagged_CheckShort(start) || !CPyTagged_CheckShort(end)) {
        return CPyObject_GetSlice(object, start, end);
    }
    Py_ssize_t first = CPyTagged_ShortAsSsize_t(start), last = CPyTagged_ShortAsSsize_t(end);
    Py_ssize_t length = PySlice_AdjustIndices(PyBytes_GET_SIZE(object), &first, &last, 1);
    if (length == PyBytes_GET_SIZE(object)) {
        Py_INCREF(object);
        return object;
    }
    return PyBytes_FromStringAndSize(PyBytes_AS_STRING(object) + first, length);
}
