/* _halves.halves(hook) -> (before, after): what a NativeHook of ours does, as Python callables that a test can stand in the way of. Not in the layer.
 *
 *     before(instance, args, kwargs) -> a state for `after`, or None; where the hook replaces arguments: None or (state, args, kwargs)
 *     after(state, result, error)    -> result
 *
 * Either is None where the hook has no such half.
 */
#include "native.h"

typedef struct {
    PyObject_HEAD
    const NativeHook *native;
} Object;

typedef struct {
    PyObject_HEAD
    Exchange exchange;
} State;

static PyTypeObject *state_type;

static PyObject *with_arguments(PyObject *state, const Exchange *exchange, PyObject *args, PyObject *kwargs) {
    return PyTuple_Pack(3, state, exchange->args ? exchange->args : args, exchange->args ? exchange->kwargs : kwargs);
}

static PyObject *call_before(PyObject *object, PyObject *given) {
    const NativeHook *native = ((Object *)object)->native;
    PyObject *instance, *args, *kwargs;
    if (!PyArg_ParseTuple(given, "OO!O!:before", &instance, &PyTuple_Type, &args, &PyDict_Type, &kwargs)) return NULL;
    State *state = (State *)PyType_GenericAlloc(state_type, 0);
    if (!state) return NULL;
    Arguments arguments = {NULL, 0, NULL, args, kwargs};
    PyObject *answer = NULL;
    if (native->before(instance, &arguments, &state->exchange) == 0) {
        if (!state->exchange.state)
            Py_INCREF(answer = Py_None);
        else if (native->replaces)
            answer = with_arguments((PyObject *)state, &state->exchange, args, kwargs);
        else
            Py_INCREF(answer = (PyObject *)state);
    }
    Py_DECREF((PyObject *)state);
    return answer;
}

static PyObject *call_after(PyObject *object, PyObject *given) {
    const NativeHook *native = ((Object *)object)->native;
    PyObject *state, *result, *error;
    if (!PyArg_ParseTuple(given, "OOO:after", &state, &result, &error)) return NULL;
    Exchange own = {state, NULL, NULL, NULL, NULL, false}; /* where there is no `before`, the state is the instance */
    Exchange *exchange = Py_TYPE(state) == state_type ? &((State *)state)->exchange : &own;
    bool failed = error != Py_None;
    if (native->after(exchange, failed ? NULL : result, failed ? error : NULL) < 0) return NULL;
    Py_INCREF(result);
    return result;
}

static PyMethodDef before_method = {"before", call_before, METH_VARARGS, NULL}, after_method = {"after", call_after, METH_VARARGS, NULL};

static PyObject *half(PyObject *object, PyMethodDef *method, bool exists) {
    if (exists) return PyCFunction_NewEx(method, object, NULL);
    Py_RETURN_NONE;
}

static int visit_all(Exchange *exchange, visitproc visit, void *arg) {
    Py_VISIT(exchange->state);
    Py_VISIT(exchange->second);
    Py_VISIT(exchange->third);
    Py_VISIT(exchange->args);
    Py_VISIT(exchange->kwargs);
    return 0;
}

static int state_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    return visit_all(&((State *)object)->exchange, visit, arg);
}

static int state_clear(PyObject *object) {
    Exchange *exchange = &((State *)object)->exchange;
    Py_CLEAR(exchange->state);
    Py_CLEAR(exchange->second);
    Py_CLEAR(exchange->third);
    Py_CLEAR(exchange->args);
    Py_CLEAR(exchange->kwargs);
    return 0;
}

static void state_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    state_clear(object);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF((PyObject *)type);
}

static PyType_Slot state_slots[] = {
    {Py_tp_dealloc, (void *)state_dealloc},
    {Py_tp_traverse, (void *)state_traverse},
    {Py_tp_clear, (void *)state_clear},
    {0, NULL},
};
static PyType_Spec state_spec = {"_halves.State", sizeof(State), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, state_slots};

static PyObject *halves(PyObject *Py_UNUSED(module), PyObject *hook) {
    const NativeHook *native = ((Object *)hook)->native;
    PyObject *before = half(hook, &before_method, native->before != NULL), *after = half(hook, &after_method, native->after != NULL);
    PyObject *both = before && after ? PyTuple_Pack(2, before, after) : NULL;
    Py_XDECREF(before);
    Py_XDECREF(after);
    return both;
}

static PyMethodDef functions[] = {{"halves", halves, METH_O, "halves(hook: NativeHook) -> (before, after)"}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_halves", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__halves(void) {
    state_type = (PyTypeObject *)PyType_FromSpec(&state_spec);
    return state_type ? PyModule_Create(&definition) : NULL;
}
