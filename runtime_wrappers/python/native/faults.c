/* An exception raised by our own code is counted and forgotten, unless it is the user's: a signal handler of theirs may run, and raise, while our code
 * runs. Then it goes on as if it had been raised where our code was called, so our frames are taken off the top of its traceback.
 */
#include "native.h"

static PyObject *native_module; /* borrowed: the module outlives its own code */

static PyObject *attribute_path(PyObject *object, const char *const *names) {
    Py_INCREF(object);
    for (; *names && object; names++) {
        PyObject *next = PyObject_GetAttrString(object, *names);
        Py_DECREF(object);
        object = next;
    }
    return object;
}

static PyObject *our_folder(void) {
    PyObject *file = PyObject_GetAttrString(native_module, "__file__");
    if (!file) return NULL;
    Py_ssize_t length = PyUnicode_GetLength(file);
    Py_ssize_t slash = PyUnicode_FindChar(file, '/', 0, length, -1);
    PyObject *folder = slash < 0 ? NULL : PyUnicode_Substring(file, 0, slash + 1);
    Py_DECREF(file);
    return folder;
}

static bool is_our_frame(PyObject *traceback, PyObject *folder) {
    static const char *const path[] = {"tb_frame", "f_code", "co_filename", NULL};
    PyObject *file = attribute_path(traceback, path);
    bool ours = file && PyUnicode_Check(file) && PyUnicode_Tailmatch(file, folder, 0, PY_SSIZE_T_MAX, -1) == 1;
    Py_XDECREF(file);
    return ours;
}

/* Returns a new reference, NULL where nothing but our own frames was in it. Steals `traceback`. Leaves no exception set. */
static PyObject *without_our_frames(PyObject *traceback) {
    PyObject *folder = our_folder();
    while (folder && traceback && traceback != Py_None && is_our_frame(traceback, folder)) {
        PyObject *next = PyObject_GetAttrString(traceback, "tb_next");
        Py_DECREF(traceback);
        traceback = next;
    }
    Py_XDECREF(folder);
    PyErr_Clear();
    if (traceback == Py_None) Py_CLEAR(traceback);
    return traceback;
}

/* True where `fault` says that this exception is not ours. What `fault` itself raises is dropped, but for interrupts, which replace the exception. */
static bool fault_gives_back(PyObject *name, PyObject *fault, PyObject *value) {
    if (!fault) return false;
    PyObject *answer = PyObject_CallFunctionObjArgs(fault, name, value, NULL);
    int truth = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    if (truth < 0 && PyErr_ExceptionMatches(PyExc_Exception)) PyErr_Clear();
    return truth == 1;
}

fault_verdict fault_settle(PyObject *name, PyObject *fault) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback) PyException_SetTraceback(value, traceback);
    bool interrupt = !PyErr_GivenExceptionMatches(value, PyExc_Exception);
    if (interrupt || fault_gives_back(name, fault, value)) {
        traceback = without_our_frames(traceback);
        PyException_SetTraceback(value, traceback ? traceback : Py_None);
        PyErr_Restore(type, value, traceback);
        return FAULT_IS_THE_USERS;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return PyErr_Occurred() ? FAULT_IS_THE_USERS : FAULT_SWALLOWED;
}

int faults_register(PyObject *module) {
    native_module = module;
    return 0;
}
