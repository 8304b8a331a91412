/* Objects of ours: a Kind says what a type of them is, and what every type needs is written here once.
 *
 * Behind its head lie as many references as its kind says; what comes after them is its own. `end` is called when the object goes, by the collector before it
 * takes a cycle apart, or else as its last reference is given up (`last`). It may be called twice, hands the object to nobody, and leaves no exception set.
 */
#include "native.h"

typedef struct {
    OBJECT_HEAD
} Object;

static const Kind *kind_of(PyObject *self) { return ((Object *)self)->kind; }

static PyObject **held(PyObject *self) { return (PyObject **)(void *)((char *)self + sizeof(Object)); }

void set_reference(PyObject **reference, PyObject *value) {
    PyObject *old = *reference;
    *reference = value;
    Py_XDECREF(old);
}

void keep(PyObject **reference, PyObject *value) {
    Py_XINCREF(value);
    set_reference(reference, value);
}

static int traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    for (int i = 0; kind_of(self) && i < kind_of(self)->held; i++) Py_VISIT(held(self)[i]);
    return 0;
}

static int clear(PyObject *self) {
    for (int i = 0; kind_of(self) && i < kind_of(self)->held; i++) Py_CLEAR(held(self)[i]);
    return 0;
}

static void end(PyObject *self, bool last) {
    if (!kind_of(self) || !kind_of(self)->end) return;
    Raised raised = raised_take();
    kind_of(self)->end(self, last);
    raised_again(raised);
}

static void finalize(PyObject *self) { end(self, false); }

static void dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    const Kind *kind = kind_of(self);
    PyObject_GC_UnTrack(self);
    if (kind && kind->has_weakrefs) PyObject_ClearWeakRefs(self);
    end(self, true);
    clear(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF((PyObject *)type);
}

/* Python 3.9 has no flag against instances made by hand. */
static PyObject *not_constructible(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    return PyErr_Format(PyExc_TypeError, "%R has no constructor", (PyObject *)type);
}

#define MOST_SLOTS 24

int kind_register(PyObject *module, Kind *kind) {
    PyType_Slot slots[MOST_SLOTS] = {
        {Py_tp_new, (void *)(kind->make ? kind->make : not_constructible)},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_finalize, (void *)finalize},
        {Py_tp_traverse, (void *)traverse},
        {Py_tp_clear, (void *)clear},
    };
    int count = 5;
    for (const PyType_Slot *slot = kind->slots; slot && slot->slot; slot++) slots[count++] = *slot;
    unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | kind->flags;
    PyType_Spec spec = {kind->name, kind->size, 0, flags, slots};
    kind->type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (!kind->type || !kind->make) return kind->type ? 0 : -1;
    Py_INCREF((PyObject *)kind->type); /* the module takes one */
    return PyModule_AddObject(module, kind->name + sizeof "_native." - 1, (PyObject *)kind->type);
}

PyObject *object_of_type(const Kind *kind, PyTypeObject *type) {
    PyObject *self = PyType_GenericAlloc(type, 0);
    if (self) ((Object *)self)->kind = kind;
    return self;
}

PyObject *object_new(const Kind *kind) { return object_of_type(kind, kind->type); }

/* ---- attributes of others' objects ---- */

PyObject *attribute(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    if (!value) fault_settle_late(NULL);
    return value;
}

bool attribute_is(PyObject *object, PyObject *name, PyObject *what) {
    PyObject *value = attribute(object, name);
    Py_XDECREF(value);
    return value == what;
}

bool attribute_is_true(PyObject *object, PyObject *name) {
    PyObject *value = attribute(object, name);
    bool truth = value && PyObject_IsTrue(value) > 0;
    Py_XDECREF(value);
    fault_settle_late(NULL);
    return truth;
}

long long attribute_number(PyObject *object, PyObject *name) {
    PyObject *value = attribute(object, name);
    long long number = value && PyLong_Check(value) ? PyLong_AsLongLong(value) : SIZE_UNKNOWN;
    Py_XDECREF(value);
    fault_settle_late(NULL);
    return number;
}

bool type_is_named(PyObject *object, const char *name) {
    PyObject *found = attribute((PyObject *)Py_TYPE(object), str_name);
    bool same = found && PyUnicode_Check(found) && PyUnicode_CompareWithASCIIString(found, name) == 0;
    Py_XDECREF(found);
    return same;
}
