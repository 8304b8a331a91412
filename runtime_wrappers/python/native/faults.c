/* An exception that comes up while our own code runs is counted and forgotten if our code has raised it, and the user's if it has not: signal handlers, trace
 * and profile functions of theirs run, and raise, between two of our instructions, and time-out libraries throw exceptions into a thread from outside.
 * Then it goes on as if it had been raised where our code was called, so our frames are taken off the top of its traceback.
 *
 *     is_users(error) -> bool             what follows tells the two apart, and needs no Python frame to do so: there may be none left
 *     raise_opcode(number)                what this Python's `raise` is
 *
 * 1. What the interpreter calls by itself is given the frame that it interrupts, or (sys.monitoring) its code. Our code gives frames to nobody, so a
 *    function in the traceback whose caller is among its own arguments was not called by us. Nor was one that has deleted an argument, as handlers do with
 *    those that they do not use.
 * 2. What is thrown in from outside (PyThreadState_SetAsyncExc) stands at an instruction other than `raise`, and is a class without arguments, or one of
 *    somebody else's: the C code that our code calls raises neither.
 * A RecursionError or MemoryError of our own is dropped: where the user would have met it without us, the original meets it now.
 */
#include "native.h"

#include <pythread.h>
#include <string.h>

static PyObject *native_module; /* borrowed: the module outlives its own code */
static long raise_opcode = -1;
static unsigned long main_thread;

#define CO_VARARGS 0x04

static PyObject *attribute_path(PyObject *object, const char *const *names) {
    Py_INCREF(object);
    for (; *names && object; names++) {
        PyObject *next = PyObject_GetAttrString(object, *names);
        Py_DECREF(object);
        object = next;
    }
    return object;
}

static long number_of(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    long number = value && PyLong_Check(value) ? PyLong_AsLong(value) : -1;
    Py_XDECREF(value);
    PyErr_Clear();
    return number;
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
    PyErr_Clear();
    return ours;
}

/* ---- 1. called by the interpreter ---- */

/* What the interpreter passes to a function that it calls by itself: the frame, or its code. */
typedef struct {
    PyObject *frame, *code; /* of the caller */
} Interrupted;

static bool names_the_interrupted(const Interrupted *at, PyObject *value) {
    if (value == at->frame || value == at->code) return true;
    Py_ssize_t count = PyTuple_Check(value) ? PyTuple_Size(value) : 0; /* *args */
    for (Py_ssize_t i = 0; i < count; i++)
        if (PyTuple_GetItem(value, i) == at->frame || PyTuple_GetItem(value, i) == at->code) return true;
    return false;
}

static Py_ssize_t argument_count(PyObject *code) {
    return number_of(code, "co_argcount") + number_of(code, "co_kwonlyargcount") + (number_of(code, "co_flags") & CO_VARARGS ? 1 : 0);
}

static bool has_such_an_argument(PyObject *frame, PyObject *code, const Interrupted *at) {
    PyObject *names = PyObject_GetAttrString(code, "co_varnames"), *locals = PyObject_GetAttrString(frame, "f_locals");
    Py_ssize_t count = names && locals ? argument_count(code) : 0;
    bool found = false;
    for (Py_ssize_t i = 0; i < count && i < PyTuple_Size(names) && !found; i++) {
        PyObject *value = PyObject_GetItem(locals, PyTuple_GetItem(names, i));
        found = value ? names_the_interrupted(at, value) : PyErr_ExceptionMatches(PyExc_KeyError);
        Py_XDECREF(value);
        PyErr_Clear();
    }
    Py_XDECREF(names);
    Py_XDECREF(locals);
    PyErr_Clear();
    return found;
}

static bool was_called_by_the_interpreter(PyObject *traceback) {
    static const char *const frame_path[] = {"tb_frame", NULL}, *const code_path[] = {"tb_frame", "f_code", NULL},
                             *const caller_path[] = {"tb_frame", "f_back", NULL}, *const caller_code_path[] = {"tb_frame", "f_back", "f_code", NULL};
    PyObject *frame = attribute_path(traceback, frame_path), *code = attribute_path(traceback, code_path);
    Interrupted at = {attribute_path(traceback, caller_path), attribute_path(traceback, caller_code_path)};
    bool called = frame && code && at.frame && at.code && has_such_an_argument(frame, code, &at);
    Py_XDECREF(frame);
    Py_XDECREF(code);
    Py_XDECREF(at.frame);
    Py_XDECREF(at.code);
    PyErr_Clear();
    return called;
}

/* ---- 2. thrown in from outside ---- */

static bool has_no_arguments(PyObject *error) {
    PyObject *arguments = PyObject_GetAttrString(error, "args");
    bool none = arguments && PyTuple_Check(arguments) && PyTuple_Size(arguments) == 0;
    Py_XDECREF(arguments);
    PyErr_Clear();
    return none;
}

/* What C code raises without arguments. */
static bool is_raised_bare(PyObject *error) {
    PyObject *type = (PyObject *)Py_TYPE(error);
    return type == PyExc_MemoryError || type == PyExc_StopIteration || type == PyExc_StopAsyncIteration;
}

static bool stands_at_a_raise(PyObject *traceback) {
    static const char *const path[] = {"tb_frame", "f_code", "co_code", NULL};
    PyObject *code = attribute_path(traceback, path);
    long at = number_of(traceback, "tb_lasti");
    bool raise = true;
    if (code && PyBytes_Check(code) && at >= 0 && at < PyBytes_Size(code)) raise = (unsigned char)PyBytes_AsString(code)[at] == raise_opcode;
    Py_XDECREF(code);
    PyErr_Clear();
    return raise;
}

static bool is_built_in(PyObject *error) {
    static const char *const modules[] = {"builtins", "binascii", "_contextvars", NULL};
    PyObject *module = PyObject_GetAttrString((PyObject *)Py_TYPE(error), "__module__");
    bool known = !module || !PyUnicode_Check(module);
    for (const char *const *name = modules; *name && !known; name++) known = PyUnicode_CompareWithASCIIString(module, *name) == 0;
    Py_XDECREF(module);
    PyErr_Clear();
    return known;
}

static bool was_thrown_in(PyObject *error, PyObject *innermost) {
    bool bare = has_no_arguments(error) && !is_raised_bare(error);
    return (bare || !is_built_in(error)) && !stands_at_a_raise(innermost);
}

/* Leaves no exception set. `traceback` may be NULL or None. */
static bool is_users(PyObject *error, PyObject *traceback) {
    if (!PyErr_GivenExceptionMatches(error, PyExc_Exception)) return true;
    PyObject *innermost = NULL;
    Py_XINCREF(traceback);
    bool users = false;
    while (traceback && traceback != Py_None && !users) {
        users = was_called_by_the_interpreter(traceback);
        set_reference(&innermost, traceback);
        traceback = PyObject_GetAttrString(innermost, "tb_next");
    }
    if (!users && innermost) users = was_thrown_in(error, innermost);
    Py_XDECREF(traceback);
    Py_XDECREF(innermost);
    PyErr_Clear();
    return users;
}

/* ---- what becomes of it ---- */

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

/* Takes the three, and sets them as the exception. */
static void give_back(PyObject *type, PyObject *value, PyObject *traceback) {
    traceback = without_our_frames(traceback);
    PyException_SetTraceback(value, traceback ? traceback : Py_None);
    PyErr_Restore(type, value, traceback);
}

static void fetch(PyObject **type, PyObject **value, PyObject **traceback) {
    PyErr_Fetch(type, value, traceback);
    PyErr_NormalizeException(type, value, traceback);
    if (*traceback) PyException_SetTraceback(*value, *traceback);
}

/* Ours is dropped without being counted. */
static fault_verdict settle_silently(void) {
    PyObject *type, *value, *traceback;
    fetch(&type, &value, &traceback);
    if (is_users(value, traceback)) {
        give_back(type, value, traceback);
        return FAULT_IS_THE_USERS;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return FAULT_SWALLOWED;
}

/* `fault` counts it. True where it says that the exception is not ours; an exception that is set afterwards is the user's. */
static bool tell(PyObject *name, PyObject *fault, PyObject *value) {
    PyObject *answer = fault ? PyObject_CallFunctionObjArgs(fault, name, value, NULL) : NULL;
    int truth = answer ? PyObject_IsTrue(answer) : 0;
    Py_XDECREF(answer);
    if (PyErr_Occurred()) settle_silently();
    return truth == 1;
}

fault_verdict fault_settle(PyObject *name, PyObject *fault) {
    PyObject *type, *value, *traceback;
    fetch(&type, &value, &traceback);
    if (is_users(value, traceback) || tell(name, fault, value)) {
        give_back(type, value, traceback);
        return FAULT_IS_THE_USERS;
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return PyErr_Occurred() ? FAULT_IS_THE_USERS : FAULT_SWALLOWED;
}

/* ---- where nothing can be raised ---- */

static int raise_late(void *error) {
    PyObject *value = (PyObject *)error, *type = (PyObject *)Py_TYPE(value);
    Py_INCREF(type);
    PyErr_Restore(type, value, PyException_GetTraceback(value));
    return -1;
}

/* In the main thread, where handlers run, by a pending call; into another one the class is thrown once more. */
static void deliver_late(PyObject *value) {
    if (PyThread_get_thread_ident() != main_thread) {
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), (PyObject *)Py_TYPE(value));
        return;
    }
    Py_INCREF(value);
    if (Py_AddPendingCall(raise_late, value) < 0) Py_DECREF(value); /* 32 wait already */
}

void fault_deliver_late(void) {
    if (!PyErr_Occurred()) return;
    PyObject *type, *value, *traceback;
    fetch(&type, &value, &traceback);
    deliver_late(value);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

void fault_settle_late(const char *name) {
    if (!PyErr_Occurred()) return;
    if (settle_silently() == FAULT_SWALLOWED && name) writer_count_fault(name);
    fault_deliver_late();
}

/* ---- for Python code ---- */

static PyObject *native_is_users(PyObject *Py_UNUSED(module), PyObject *error) {
    PyObject *traceback = PyException_GetTraceback(error);
    bool users = is_users(error, traceback);
    Py_XDECREF(traceback);
    return PyBool_FromLong(users);
}

static PyObject *native_raise_opcode(PyObject *Py_UNUSED(module), PyObject *number) {
    raise_opcode = PyLong_AsLong(number);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"is_users", native_is_users, METH_O, "is_users(error) -> whether an exception that came up in our own code was raised by somebody else's"},
    {"raise_opcode", native_raise_opcode, METH_O, "raise_opcode(number): the first byte of this Python's `raise` instruction"},
    {NULL, NULL, 0, NULL},
};

int faults_register(PyObject *module) {
    native_module = module;
    main_thread = PyThread_get_thread_ident();
    return PyModule_AddFunctions(module, functions);
}
