/* _native.run_main(code, globals) or run_main(callable, args): runs the bootstrap as the main program, in place of the script that calls this last.
 *
 * Where it can, it returns at once, and the bootstrap runs when the calling script has ended: with no frame of ours below it, and with all of Python's
 * recursion depth. CPython flushes sys.stderr when a script has ended (flush_io in Python/pythonrun.c, from 2.5 to 3.14 at least), so for that moment an
 * object stands there whose flush() runs the bootstrap. Elsewhere (called deeper, from -c, on a Python that is not known) it runs it at once.
 *
 * What the bootstrap does not catch ends the process here, as Python ends one (Modules/main.c and Python/pythonrun.c): through sys.excepthook and with
 * its exit codes.
 */
#include "native.h"

#include <signal.h>
#include <structmember.h>
#include <unistd.h>

extern PyObject *PyEval_EvalCode(PyObject *, PyObject *, PyObject *);

/* ---- the end ---- */

/* An interrupt that nobody caught ends the process by the signal itself, so that its parent can tell (bpo-1054041). */
static void die_of_interrupt(void) {
    Py_FinalizeEx();
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
    _exit(128 + SIGINT);
}

/* Python's major and minor version as one number: 0x030e is 3.14. */
static long python_version(void) {
    PyObject *version = PySys_GetObject("hexversion");
    return version ? PyLong_AsLong(version) >> 16 : 0;
}

/* Until 3.13 a subclass of KeyboardInterrupt is an ordinary exception to the interpreter. */
static bool is_interrupt(void) {
    return python_version() >= 0x030e ? PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) : PyErr_Occurred() == PyExc_KeyboardInterrupt;
}

static void end_process(void) {
    bool interrupted = is_interrupt();
    PyErr_Print(); /* ends the process itself for SystemExit */
    if (interrupted) die_of_interrupt();
    Py_Exit(1);
}

static PyObject *run(PyObject *program, PyObject *with) {
    PyObject *result = PyCallable_Check(program) ? PyObject_CallObject(program, with) : PyEval_EvalCode(program, with, with);
    if (!result) end_process();
    return result;
}

/* ---- after the calling script ---- */

typedef struct {
    OBJECT_HEAD
    PyObject *stream; /* what sys.stderr is */
    PyObject *program, *with;
    Vectorcall call;
} Successor;

static void flush_stderr(void) {
    PyObject *stream = PySys_GetObject("stderr");
    PyObject *flushed = stream && stream != Py_None ? PyObject_CallMethod(stream, "flush", NULL) : NULL;
    Py_XDECREF(flushed);
    PyErr_Clear();
}

static PyObject *succeed(PyObject *object, PyObject *const *Py_UNUSED(args), size_t Py_UNUSED(count), PyObject *Py_UNUSED(names)) {
    Successor *self = (Successor *)object;
    Py_INCREF(object); /* the caller has borrowed it from sys.stderr */
    PySys_SetObject("stderr", self->stream);
    PyObject *program = self->program, *with = self->with;
    self->program = self->with = NULL;
    PyObject *result = program ? run(program, with) : NULL;
    Py_XDECREF(program);
    Py_XDECREF(with);
    Py_DECREF(object);
    Py_XDECREF(result);
    flush_stderr();
    Py_RETURN_NONE;
}

static PyObject *call(PyObject *object, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) { return succeed(object, NULL, 0, NULL); }

/* flush is this object itself; everything else is the stream's. */
static PyObject *get_attribute(PyObject *object, PyObject *name) {
    if (PyUnicode_CompareWithASCIIString(name, "flush") != 0) return PyObject_GetAttr(((Successor *)object)->stream, name);
    Py_INCREF(object);
    return object;
}

static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Successor, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static const PyType_Slot slots[] = {{Py_tp_call, (void *)call}, {Py_tp_getattro, (void *)get_attribute}, {Py_tp_members, (void *)members}, {0, NULL}};
static Kind kind = {.name = "_native.Successor", .size = sizeof(Successor), .held = 3, .flags = HAVE_VECTORCALL, .slots = slots};

static int succeed_caller(PyObject *program, PyObject *with) {
    Successor *self = (Successor *)object_new(&kind);
    if (!self) return -1;
    PyObject *stream = PySys_GetObject("stderr");
    keep(&self->stream, stream ? stream : Py_None);
    keep(&self->program, program);
    keep(&self->with, with);
    self->call = succeed;
    int outcome = PySys_SetObject("stderr", (PyObject *)self);
    Py_DECREF((PyObject *)self);
    return outcome;
}

/* ---- who calls ---- */

static bool is_known_python(void) {
    long version = python_version();
    return version >= 0x0309 && version <= 0x030e;
}

/* True in the outermost frame of a script that is a file: of what is not one (-c), Python flushes nothing at the end. */
static bool caller_is_main_script(void) {
    PyObject *frame = (PyObject *)PyEval_GetFrame();
    PyObject *back = frame ? PyObject_GetAttrString(frame, "f_back") : NULL;
    PyObject *code = frame ? PyObject_GetAttrString(frame, "f_code") : NULL;
    PyObject *file = code ? PyObject_GetAttrString(code, "co_filename") : NULL;
    bool is_file = file && PyUnicode_GetLength(file) > 0 && PyUnicode_ReadChar(file, 0) != '<';
    bool outermost = back == Py_None;
    Py_XDECREF(back);
    Py_XDECREF(code);
    Py_XDECREF(file);
    PyErr_Clear();
    return outermost && is_file;
}

static PyObject *native_run_main(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *program, *with;
    if (!PyArg_UnpackTuple(args, "run_main", 2, 2, &program, &with)) return NULL;
    if (is_known_python() && caller_is_main_script()) {
        if (succeed_caller(program, with) < 0) return NULL;
        Py_RETURN_NONE;
    }
    return run(program, with);
}

static PyMethodDef functions[] = {
    {"run_main", native_run_main, METH_VARARGS, "run_main(code, globals) or run_main(callable, args): the main program from here on; call it last"},
    {NULL, NULL, 0, NULL},
};

int run_main_register(PyObject *module) { return kind_register(module, &kind) < 0 ? -1 : PyModule_AddFunctions(module, functions); }
