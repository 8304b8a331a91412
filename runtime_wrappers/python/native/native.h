/* What the files of the module `_native` share: one file a subject, each with an `*_register` that adds its names to the module.
 *
 * Everything here keeps to the limited API of Python 3.9, so that one file serves every Python from 3.9 on. What came later and is worth having is
 * declared weak (NULL where the running Python lacks it).
 */
#ifndef AFTERCALL_NATIVE_H
#define AFTERCALL_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>

/* Python 3.9 has no flag against instances made by hand: a type without a public constructor takes this as its tp_new. */
PyObject *not_constructible(PyTypeObject *type, PyObject *args, PyObject *kwargs);

/* Makes a heap type from `spec` and, if `name` is given, adds it to the module. Returns a new reference. */
PyTypeObject *type_from_spec(PyObject *module, PyType_Spec *spec, const char *name);

/* Puts `value` (stolen) where *reference (owned) stood. The limited API has no Py_SETREF. */
void set_reference(PyObject **reference, PyObject *value);

/* The end of a heap type's dealloc: frees `self` and the reference to its type. */
void free_instance(PyObject *self);

/* ---- faults.c: what becomes of an exception raised by our own code ---- */

typedef enum { FAULT_SWALLOWED, FAULT_IS_THE_USERS } fault_verdict;

/* Called with an exception set that a callable of ours has raised. Either it is gone, or it is the user's and is set again, without our frames. */
fault_verdict fault_settle(PyObject *name, PyObject *fault);

/* Our folder, whose frames are taken out of tracebacks: the one that the module was loaded from. */
int faults_register(PyObject *module);

/* ---- hook.c ---- */

typedef struct {
    PyObject_HEAD
    PyObject *name, *before, *after, *fault;
    bool awaits, replaces;
} Hook;

/* One call under a hook. */
typedef struct {
    PyObject *state;         /* owned; NULL: `after` is not wanted */
    PyObject *args, *kwargs; /* owned: what the original is called with */
} Exchange;

/* Fills *exchange and runs `before`. -1: an exception of the user's is set, and *exchange is empty. */
int exchange_begin(Hook *hook, PyObject *instance, PyObject *args, PyObject *kwargs, Exchange *exchange);

/* Runs `after`. *result is the owned result, or NULL with the original's exception set; it may be replaced, and becomes NULL only with an exception set. */
void exchange_end(Hook *hook, Exchange *exchange, PyObject **result);
void exchange_clear(Exchange *exchange);
int exchange_visit(Exchange *exchange, visitproc visit, void *arg);

int hook_register(PyObject *module);

/* ---- awaitable.c: a coroutine stands in for another one ---- */

/* Who watches an awaitable. `begin` runs at the first step (-1: exception set); `end` once, with *result or an exception as in exchange_end. */
typedef struct {
    int (*begin)(PyObject *watcher, PyObject *instance, Exchange *exchange);
    void (*end)(PyObject *watcher, Exchange *exchange, PyObject **result);
} Watch;

/* A new awaitable over `inner`, or `inner` itself where that cannot be awaited. `exchange` is moved in (NULL: an empty one); the rest is borrowed.
 * `instance` is what `begin` will be given; NULL means that there is nothing left to begin. */
PyObject *awaitable_new(const Watch *watch, PyObject *watcher, PyObject *instance, Exchange *exchange, PyObject *inner);
int awaitable_register(PyObject *module);

/* ---- capture.c ---- */

/* Feeds any bytes-like object, `limit` bytes of it at most (-1: all). -1 with an exception set where it is not bytes-like. */
int capture_feed(PyObject *capture, PyObject *data, Py_ssize_t limit);
void capture_end(PyObject *capture);
bool capture_check(PyObject *object);
int capture_register(PyObject *module);

/* ---- tee_readinto.c, tee_iterable.c, spool_io.c, run_main.c ---- */

int tee_readinto_register(PyObject *module);
int tee_iterable_register(PyObject *module);
int spool_io_register(PyObject *module);
int run_main_register(PyObject *module);

#endif
