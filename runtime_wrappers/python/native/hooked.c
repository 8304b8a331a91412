/* _native.hooked_type(ObjectProxy) -> the class of a hooked function or method.
 *
 *     Hooked(function, hook, is_method)      for plain functions alone: anything else may bind in ways of its own, which wrapt's FunctionWrapper knows
 *
 * To look at, it is wrapt's proxy: name, signature, class and source are the function's own. To call and to bind, it is a function: `connection.send` is a
 * method like any other, and `connection.send(data)` finds it without making one (METHOD_DESCRIPTOR) and comes here with the connection as its first
 * argument. No wrapper for the bound one, no tuple, no level of recursion.
 */
#include "native.h"

#include <structmember.h>

typedef PyObject *(*Vectorcall)(PyObject *, PyObject *const *, size_t, PyObject *);

typedef struct {
    Vectorcall call;
    PyObject *function; /* owned, as is the hook: wrapt's own references can be replaced */
    Hook *hook;
    bool is_method;
} Extra;

/* It lies behind wrapt's part of the object. */
static Py_ssize_t extra_offset;
static PyObject *base_init; /* ObjectProxy.__init__ */
static traverseproc base_traverse;
static inquiry base_clear;

static Extra *extra_of(PyObject *object) { return (Extra *)(void *)((char *)object + extra_offset); }

static PyObject *vectorcall(PyObject *object, PyObject *const *args, size_t flagged, PyObject *names) {
    Extra *self = extra_of(object);
    Py_ssize_t count = (Py_ssize_t)(flagged & ~OFFSET_FLAG), front = self->is_method && count > 0;
    if (!self->hook) return PyErr_Format(PyExc_RuntimeError, "a hooked function was called after its end");
    Arguments arguments = {args + front, count - front, front, names, NULL, NULL};
    if (self->is_method && !front) return arguments_call(self->function, &arguments, NULL, NULL); /* which says what is missing */
    return hook_run(self->hook, self->function, front ? args[0] : Py_None, &arguments);
}

/* ---- the type ---- */

static int init(PyObject *object, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    Extra *self = extra_of(object);
    PyObject *function, *hook;
    int is_method;
    if (!PyArg_ParseTuple(args, "OO!p:Hooked", &function, hook_kind.type, &hook, &is_method)) return -1;
    PyObject *none = PyObject_CallFunctionObjArgs(base_init, object, function, NULL);
    if (!none) return -1;
    Py_DECREF(none);
    keep(&self->function, function);
    keep((PyObject **)&self->hook, hook);
    self->is_method = is_method;
    self->call = vectorcall;
    return 0;
}

/* Of the C API, and never in the limited one. */
PyAPI_FUNC(PyObject *) PyMethod_New(PyObject *, PyObject *);

static PyObject *bind(PyObject *object, PyObject *instance, PyObject *Py_UNUSED(owner)) {
    if (instance && instance != Py_None) return PyMethod_New(object, instance);
    Py_INCREF(object);
    return object;
}

/* The function leads to its module, and the module to this object: without us such a cycle dies when nobody has the module any longer. */
static int traverse(PyObject *object, visitproc visit, void *arg) {
    Extra *self = extra_of(object);
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->function);
    Py_VISIT((PyObject *)self->hook);
    return base_traverse(object, visit, arg);
}

static int clear(PyObject *object) {
    Extra *self = extra_of(object);
    Py_CLEAR(self->function);
    Py_CLEAR(self->hook);
    return base_clear(object);
}

static PyObject *represent(PyObject *object) {
    PyObject *function = extra_of(object)->function;
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
    /* The offsets are known when wrapt is loaded. Python's dealloc for classes clears the objects, as it does a class's slots. */
    {"__vectorcalloffset__", T_PYSSIZET, 0, READONLY, NULL},
    {"_self_function", T_OBJECT_EX, 0, 0, NULL},
    {"_self_hook", T_OBJECT_EX, 0, 0, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_init, (void *)init},       {Py_tp_call, (void *)PyVectorcall_Call}, {Py_tp_traverse, (void *)traverse}, {Py_tp_clear, (void *)clear},
    {Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members},        {Py_tp_descr_get, (void *)bind},    {Py_tp_repr, (void *)represent},
    {0, NULL},
};
#define METHOD_DESCRIPTOR (1UL << 17)
static PyType_Spec spec = {"_aftercall.Hooked", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | HAVE_VECTORCALL | METHOD_DESCRIPTOR, slots};

static PyObject *subclass(PyType_Spec *of, PyObject *base) {
    PyObject *bases = PyTuple_Pack(1, base);
    PyObject *type = bases ? PyType_FromSpecWithBases(of, bases) : NULL;
    Py_XDECREF(bases);
    return type;
}

/* Python 3.9 returns the slots of heap types alone, and wrapt's type may not be one: a subclass with nothing of its own inherits them. */
static int find_base_slots(PyObject *base) {
    static PyType_Slot nothing[] = {{0, NULL}};
    PyType_Spec plain = {"_aftercall.Plain", (int)extra_offset, 0, Py_TPFLAGS_DEFAULT, nothing};
    PyTypeObject *heir = (PyTypeObject *)subclass(&plain, base);
    if (!heir) return -1;
    base_traverse = (traverseproc)PyType_GetSlot(heir, Py_tp_traverse);
    base_clear = (inquiry)PyType_GetSlot(heir, Py_tp_clear);
    Py_DECREF((PyObject *)heir);
    return base_traverse && base_clear ? 0 : -1;
}

static PyObject *native_hooked_type(PyObject *Py_UNUSED(module), PyObject *base) {
    extra_offset = (Py_ssize_t)attribute_number(base, str_basicsize);
    base_init = PyObject_GetAttrString(base, "__init__");
    if (extra_offset < 0 || !base_init || find_base_slots(base) < 0) return NULL;
    spec.basicsize = (int)(extra_offset + (Py_ssize_t)sizeof(Extra));
    members[0].offset = extra_offset + (Py_ssize_t)offsetof(Extra, call);
    members[1].offset = extra_offset + (Py_ssize_t)offsetof(Extra, function);
    members[2].offset = extra_offset + (Py_ssize_t)offsetof(Extra, hook);
    return subclass(&spec, base);
}

static PyMethodDef functions[] = {
    {"hooked_type", native_hooked_type, METH_O, "hooked_type(ObjectProxy) -> a subclass that is called like a function; once in a process"},
    {NULL, NULL, 0, NULL},
};

int hooked_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
