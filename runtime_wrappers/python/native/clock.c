/* The wall clock, apart from `time`: user code may have frozen that. */
#include "native.h"

#include <time.h>

long long spool_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static PyObject *native_now(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) { return PyLong_FromLongLong(spool_now()); }

static PyMethodDef functions[] = {
    {"now", native_now, METH_NOARGS, "now() -> CLOCK_REALTIME in nanoseconds, even where time was frozen"},
    {NULL, NULL, 0, NULL},
};

int clock_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
