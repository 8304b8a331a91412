/* _halves.halves(hook) -> (before, after): what a hook of ours in C does, as Python callables that a test can stand in the way of. Not in the layer.
 *
 *     before(instance, args, kwargs) -> a state for `after`, or None
 *     after(state, result, error)    -> result
 *
 * _halves.arguments(state) -> (args, kwargs): what the original is to be called with
 *
 * Either is None where the hook has no such half.
 */
#include "native.h"

#define CAPSULE "aftercall.NativeHook"

typedef struct {
    PyObject_HEAD PyObject *instance, *args, *kwargs; /* of the call */
    Passage passage;
} State;

static PyTypeObject *state_type;

static const NativeHook *native_of(PyObject *capsule) { return PyCapsule_GetPointer(capsule, CAPSULE); }

static PyObject *owned(PyObject *object) {
    Py_INCREF(object);
    return object;
}

static PyObject *call_before(PyObject *capsule, PyObject *given) {
    PyObject *instance, *args, *kwargs;
    if (!PyArg_ParseTuple(given, "OO!O!:before", &instance, &PyTuple_Type, &args, &PyDict_Type, &kwargs)) return NULL;
    State *state = (State *)PyType_GenericAlloc(state_type, 0);
    if (!state) return NULL;
    state->instance = owned(instance);
    state->args = owned(args);
    state->kwargs = owned(kwargs);
    Arguments arguments = {NULL, 0, 0, NULL, args, kwargs};
    int outcome = native_of(capsule)->before ? native_of(capsule)->before(instance, &arguments, &state->passage) : 0;
    if (!native_of(capsule)->before) state->passage.state = owned(instance);
    if (outcome == 0 && state->passage.state) return (PyObject *)state;
    Py_DECREF((PyObject *)state);
    return outcome < 0 ? NULL : owned(Py_None);
}

static PyObject *call_after(PyObject *capsule, PyObject *given) {
    PyObject *state, *result, *error;
    if (!PyArg_ParseTuple(given, "O!OO:after", state_type, &state, &result, &error)) return NULL;
    State *kept = (State *)state;
    Arguments arguments = {NULL, 0, 0, NULL, kept->args, kept->kwargs};
    bool failed = error != Py_None;
    int outcome = native_of(capsule)->after(kept->instance, &arguments, &kept->passage, failed ? NULL : result, failed ? error : NULL);
    return outcome < 0 ? NULL : owned(result);
}

static PyMethodDef before_method = {"before", call_before, METH_VARARGS, NULL}, after_method = {"after", call_after, METH_VARARGS, NULL};

static int state_traverse(PyObject *object, visitproc visit, void *arg) {
    State *self = (State *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->instance);
    Py_VISIT(self->args);
    Py_VISIT(self->kwargs);
    Py_VISIT(self->passage.state);
    Py_VISIT(self->passage.token);
    Py_VISIT(self->passage.args);
    Py_VISIT(self->passage.kwargs);
    return 0;
}

static int state_clear(PyObject *object) {
    State *self = (State *)object;
    Py_CLEAR(self->instance);
    Py_CLEAR(self->args);
    Py_CLEAR(self->kwargs);
    Py_CLEAR(self->passage.state);
    Py_CLEAR(self->passage.token);
    Py_CLEAR(self->passage.args);
    Py_CLEAR(self->passage.kwargs);
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

/* Without a `before` of its own there is one that passes on what `after` is given. */
static PyObject *halves(PyObject *Py_UNUSED(module), PyObject *capsule) {
    PyObject *before = PyCFunction_NewEx(&before_method, capsule, NULL);
    PyObject *after = native_of(capsule)->after ? PyCFunction_NewEx(&after_method, capsule, NULL) : owned(Py_None);
    PyObject *both = before && after ? PyTuple_Pack(2, before, after) : NULL;
    Py_XDECREF(before);
    Py_XDECREF(after);
    return both;
}

static PyObject *arguments(PyObject *Py_UNUSED(module), PyObject *state) {
    State *self = (State *)state;
    return self->passage.args ? PyTuple_Pack(2, self->passage.args, self->passage.kwargs) : PyTuple_Pack(2, self->args, self->kwargs);
}

static PyObject *state(PyObject *Py_UNUSED(module), PyObject *object) { return owned(((State *)object)->passage.state); }

static PyMethodDef functions[] = {
    {"state", state, METH_O, "state(state) -> what `before` has left for an `after` in Python"},
    {"halves", halves, METH_O, "halves(hook) -> (before, after)"},
    {"arguments", arguments, METH_O, "arguments(state) -> (args, kwargs)"},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_halves", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__halves(void) {
    state_type = (PyTypeObject *)PyType_FromSpec(&state_spec);
    return state_type ? PyModule_Create(&definition) : NULL;
}
