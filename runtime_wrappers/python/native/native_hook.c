/* _native.NativeHook: a hook of this module as Hook takes it for `before`. Its halves can be had and called like those of a hook in Python, to look at what
 * they do, or to stand in their way:
 *
 *     hook.before(instance, args, kwargs) -> a state for `after`, or None; where the hook replaces arguments: None or (state, args, kwargs)
 *     hook.after(state, result, error)    -> result
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

static PyTypeObject *object_type, *state_type;

PyObject *native_hook_object(const NativeHook *native) {
    Object *self = (Object *)PyType_GenericAlloc(object_type, 0);
    if (self) self->native = native;
    return (PyObject *)self;
}

const NativeHook *native_hook_of(PyObject *object) { return Py_TYPE(object) == object_type ? ((Object *)object)->native : NULL; }

int native_hooks_add(PyObject *module, const NamedHook *hooks, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (PyModule_AddObject(module, hooks[i].name, native_hook_object(hooks[i].hook)) < 0) return -1;
    return 0;
}

/* ---- the halves, for Python code ---- */

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

static PyObject *get_before(PyObject *self, void *Py_UNUSED(closure)) { return half(self, &before_method, ((Object *)self)->native->before != NULL); }
static PyObject *get_after(PyObject *self, void *Py_UNUSED(closure)) { return half(self, &after_method, ((Object *)self)->native->after != NULL); }

/* ---- the types ---- */

static int state_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    return exchange_visit(&((State *)object)->exchange, visit, arg);
}

static int state_clear(PyObject *object) {
    exchange_clear(&((State *)object)->exchange);
    return 0;
}

static void state_dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    state_clear(object);
    free_instance(object);
}

static PyGetSetDef attributes[] = {
    {"before", get_before, NULL, NULL, NULL},
    {"after", get_after, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot object_slots[] = {
    {Py_tp_new, (void *)not_constructible}, {Py_tp_dealloc, (void *)free_instance}, {Py_tp_getset, (void *)attributes}, {0, NULL},
};
static PyType_Slot state_slots[] = {
    {Py_tp_new, (void *)not_constructible}, {Py_tp_dealloc, (void *)state_dealloc}, {Py_tp_traverse, (void *)state_traverse},
    {Py_tp_clear, (void *)state_clear},     {0, NULL},
};
static PyType_Spec object_spec = {"_native.NativeHook", sizeof(Object), 0, Py_TPFLAGS_DEFAULT, object_slots};
static PyType_Spec state_spec = {"_native.HookState", sizeof(State), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, state_slots};

int native_hook_register(PyObject *module) {
    object_type = type_from_spec(module, &object_spec, "NativeHook");
    state_type = type_from_spec(module, &state_spec, NULL);
    return object_type && state_type ? 0 : -1;
}
