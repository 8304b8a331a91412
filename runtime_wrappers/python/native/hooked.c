/* _native.Hooked(function, hook, is_method): a hooked function or method, for plain functions alone: anything else may bind in ways of its own, which wrapt's
 * FunctionWrapper knows.
 *
 * To look at, it is the function: name, signature, class and source. To call and to bind, it is one: `connection.send` is a method like any other, and
 * `connection.send(data)` finds it without making one (METHOD_DESCRIPTOR) and comes here with the connection as its first argument. No wrapper for the
 * bound one, no tuple, no level of recursion.
 */
#include "native.h"

#include <structmember.h>

typedef struct {
    OBJECT_HEAD
    PyObject *function;
    Hook *hook;
    PyObject *weakrefs;
    Vectorcall call;
    bool is_method;
} Hooked;

static Kind kind;

static PyObject *vectorcall(PyObject *object, PyObject *const *args, size_t flagged, PyObject *names) {
    Hooked *self = (Hooked *)object;
    Py_ssize_t count = (Py_ssize_t)(flagged & ~OFFSET_FLAG), front = self->is_method && count > 0;
    if (!self->function) return PyErr_Format(PyExc_RuntimeError, "a hooked function was called after its end");
    Arguments arguments = {args + front, count - front, front, names, NULL, NULL};
    if (self->is_method && !front) return arguments_call(self->function, &arguments, NULL, NULL); /* which says what is missing */
    return hook_run(self->hook, self->function, front ? args[0] : Py_None, &arguments);
}

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *function, *hook;
    int is_method;
    if (!PyArg_ParseTuple(args, "OO!p:Hooked", &function, hook_kind.type, &hook, &is_method)) return NULL;
    Hooked *self = (Hooked *)object_new(&kind);
    if (!self) return NULL;
    keep(&self->function, function);
    keep((PyObject **)&self->hook, hook);
    self->is_method = is_method;
    self->call = vectorcall;
    return (PyObject *)self;
}

/* Of the C API, and never in the limited one. */
PyAPI_FUNC(PyObject *) PyMethod_New(PyObject *, PyObject *);

static PyObject *bind(PyObject *object, PyObject *instance, PyObject *Py_UNUSED(owner)) {
    if (instance && instance != Py_None) return PyMethod_New(object, instance);
    Py_INCREF(object);
    return object;
}

/* ---- to look at ---- */

static bool is_ours(PyObject *name) {
    static const char *const ours[] = {"__wrapped__", "__reduce_ex__", "__copy__", "__deepcopy__", "__get__", "__call__", NULL};
    for (const char *const *own = ours; *own; own++)
        if (PyUnicode_CompareWithASCIIString(name, *own) == 0) return true;
    return false;
}

static PyObject *get_attribute(PyObject *object, PyObject *name) {
    PyObject *function = ((Hooked *)object)->function;
    return function && !is_ours(name) ? PyObject_GetAttr(function, name) : PyObject_GenericGetAttr(object, name);
}

static int set_attribute(PyObject *object, PyObject *name, PyObject *value) {
    PyObject *function = ((Hooked *)object)->function;
    return function ? PyObject_SetAttr(function, name, value) : PyObject_GenericSetAttr(object, name, value);
}

static PyObject *represent(PyObject *object) {
    PyObject *function = ((Hooked *)object)->function;
    return function ? PyObject_Repr(function) : PyUnicode_FromString("<function>");
}

/* Pickled by its name and copied as itself, as functions are. */
static PyObject *method_reduce(PyObject *self, PyObject *Py_UNUSED(protocol)) { return PyObject_GetAttr(self, str_qualname); }

static PyObject *method_copy(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    Py_INCREF(self);
    return self;
}

static PyMethodDef methods[] = {
    {"__reduce_ex__", method_reduce, METH_O, NULL},
    {"__copy__", method_copy, METH_NOARGS, NULL},
    {"__deepcopy__", method_copy, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Hooked, call), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Hooked, weakrefs), READONLY, NULL},
    {"__wrapped__", T_OBJECT_EX, offsetof(Hooked, function), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static const PyType_Slot slots[] = {
    {Py_tp_call, (void *)PyVectorcall_Call}, {Py_tp_descr_get, (void *)bind},
    {Py_tp_getattro, (void *)get_attribute}, {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_repr, (void *)represent},         {Py_tp_methods, (void *)methods},
    {Py_tp_members, (void *)members},        {0, NULL},
};
#define METHOD_DESCRIPTOR (1UL << 17)
static Kind kind = {
    .name = "_native.Hooked",
    .size = sizeof(Hooked),
    .held = 2,
    .make = make,
    .flags = HAVE_VECTORCALL | METHOD_DESCRIPTOR,
    .has_weakrefs = true,
    .slots = slots,
};

int hooked_register(PyObject *module) { return kind_register(module, &kind); }
