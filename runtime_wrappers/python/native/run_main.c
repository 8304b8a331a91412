/* _native.run_main(code, globals) or run_main(callable, args): runs the bootstrap as the main program.
 *
 * It returns when the code does. What the code does not catch ends the process here, as Python ends one (Modules/main.c and Python/pythonrun.c): through
 * sys.excepthook and with its exit codes. Were the exception let out, the frame that called run_main would stand on top of the user's traceback.
 */
#include "native.h"

#include <signal.h>
#include <unistd.h>

extern PyObject *PyEval_EvalCode(PyObject *, PyObject *, PyObject *);

/* An interrupt that nobody caught ends the process by the signal itself, so that its parent can tell (bpo-1054041). */
static void die_of_interrupt(void) {
    Py_FinalizeEx();
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
    _exit(128 + SIGINT);
}

static void end_process(void) {
    PyObject *raised = PyErr_Occurred();
    bool interrupted = raised == PyExc_KeyboardInterrupt; /* subclasses are ordinary exceptions to the interpreter */
    PyErr_Print();                                        /* ends the process itself for SystemExit */
    if (interrupted) die_of_interrupt();
    Py_Exit(1);
}

static PyObject *native_run_main(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *program, *with;
    if (!PyArg_UnpackTuple(args, "run_main", 2, 2, &program, &with)) return NULL;
    PyObject *result = PyCallable_Check(program) ? PyObject_CallObject(program, with) : PyEval_EvalCode(program, with, with);
    if (!result) end_process();
    return result;
}

static PyMethodDef functions[] = {
    {"run_main", native_run_main, METH_VARARGS, "run_main(code, globals) or run_main(callable, args): runs it as the main program; an uncaught exception ends the process"},
    {NULL, NULL, 0, NULL},
};

int run_main_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
