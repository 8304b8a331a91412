/* An exception that comes up while our own code runs is counted and forgotten if our code has raised it, and the user's if it has not. Which it is, and what
 * frames of ours are to be taken off it, Python code finds out (faults.py):
 *
 *     fault_with(is_users, count)      is_users(error) -> bool; count(name, error) of one that is ours
 *
 * Neither raises by itself: what comes out of them has interrupted them, and is asked about in turn.
 */
#include "native.h"

#include <pythread.h>

static PyObject *is_users, *count_fault;
static unsigned long main_thread;

/* ---- the exception that is set ---- */

Raised raised_take(void) {
    Raised raised;
    PyErr_Fetch(&raised.type, &raised.value, &raised.traceback);
    if (!raised.type) return raised;
    PyErr_NormalizeException(&raised.type, &raised.value, &raised.traceback);
    if (raised.traceback) PyException_SetTraceback(raised.value, raised.traceback);
    return raised;
}

void raised_again(Raised raised) { PyErr_Restore(raised.type, raised.value, raised.traceback); }

void raised_drop(Raised raised) {
    Py_XDECREF(raised.type);
    Py_XDECREF(raised.value);
    Py_XDECREF(raised.traceback);
}

/* ---- whose it is ---- */

/* Gives up the reference. -1 with an exception set. */
int truth_of(PyObject *answer) {
    int truth = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return truth;
}

/* One of the user's that comes up while we ask takes the place of `raised`. */
static bool belongs_to_user(Raised *raised) {
    for (int tries = 0; tries < 2; tries++) {
        int answer = is_users ? truth_of(PyObject_CallFunctionObjArgs(is_users, raised->value, NULL)) : 0;
        if (answer >= 0) return answer || !PyErr_GivenExceptionMatches(raised->value, PyExc_Exception);
        raised_drop(*raised);
        *raised = raised_take();
    }
    return !PyErr_GivenExceptionMatches(raised->value, PyExc_Exception);
}

/* It is raised where our code was called: what was asked has taken our frames off its traceback. */
static void give_back(Raised raised) {
    Py_XDECREF(raised.traceback);
    raised.traceback = PyException_GetTraceback(raised.value);
    raised_again(raised);
}

fault_verdict fault_settle(PyObject *name) {
    Raised raised = raised_take();
    bool users = belongs_to_user(&raised);
    if (!users && name && count_fault) {
        PyObject *counted = PyObject_CallFunctionObjArgs(count_fault, name, raised.value, NULL);
        if (!counted) {
            raised_drop(raised);
            raised = raised_take();
            users = belongs_to_user(&raised);
        }
        Py_XDECREF(counted);
    }
    if (users)
        give_back(raised);
    else
        raised_drop(raised);
    return users ? FAULT_IS_THE_USERS : FAULT_SWALLOWED;
}

/* ---- where nothing can be raised ---- */

static int raise_late(void *error) {
    PyObject *value = (PyObject *)error, *type = (PyObject *)Py_TYPE(value);
    Py_INCREF(type);
    PyErr_Restore(type, value, PyException_GetTraceback(value));
    return -1;
}

/* In the main thread, where handlers run, by a pending call; into another one the class is thrown once more. */
void fault_deliver_late(void) {
    if (!PyErr_Occurred()) return;
    Raised raised = raised_take();
    if (PyThread_get_thread_ident() != main_thread)
        PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), (PyObject *)Py_TYPE(raised.value));
    else if (Py_AddPendingCall(raise_late, raised.value) == 0) /* else 32 wait already */
        raised.value = NULL;
    raised_drop(raised);
}

void fault_settle_late(PyObject *name) {
    if (!PyErr_Occurred()) return;
    fault_settle(name);
    fault_deliver_late();
}

static PyObject *native_fault_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *asked, *count;
    if (!PyArg_UnpackTuple(args, "fault_with", 2, 2, &asked, &count)) return NULL;
    keep(&is_users, asked);
    keep(&count_fault, count);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"fault_with", native_fault_with, METH_VARARGS, "fault_with(is_users, count): asked of each exception that comes up in our own code"},
    {NULL, NULL, 0, NULL},
};

int faults_register(PyObject *module) {
    main_thread = PyThread_get_thread_ident();
    return PyModule_AddFunctions(module, functions);
}
