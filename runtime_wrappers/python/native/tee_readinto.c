/* _native.tee_readinto(raw, capture, failed=None, fault=None): what is read through a socket.SocketIO is fed to a capture too, its end included (`capture.eof`).
 * `failed(error)` is called, guarded, when a read raises: the error itself goes on to the reader as it is.
 *
 * An instance attribute `readinto` is what io.BufferedReader then calls. It holds `raw` weakly, so that the socket is closed at the same moment as without
 * us, and it is C, so that no frame of ours stands in the traceback of a failed read. `del raw.readinto` undoes it.
 */
#include "native.h"

#include <structmember.h>

typedef struct {
    PyObject_HEAD
    Vectorcall call;
    PyObject *raw;      /* weak reference; NULL where `readinto` is another instance attribute, already bound */
    PyObject *readinto; /* the class's function, or that attribute */
    PyObject *capture;
    PyObject *failed, *fault; /* or NULL */
} Tee;

static PyTypeObject *tee_type;
static PyObject *str_readinto, *str_name;

/* The bytes have been read: whatever goes wrong with the copy is not the reader's. False for an interrupt in telling of that, which is. */
static bool feed(Tee *self, PyObject *buffer, PyObject *count) {
    Py_ssize_t size = PyLong_Check(count) ? PyLong_AsSsize_t(count) : 0;
    if (size > 0) capture_feed(self->capture, buffer, size);
    if (size == 0 && PyLong_Check(count)) capture_end(self->capture);
    return !PyErr_Occurred() || fault_settle(str_name, self->fault) == FAULT_SWALLOWED;
}

static void tell_failure(Tee *self) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    bool told;
    if (call_check(self->failed)) {
        told = call_body_failed((Call *)self->failed, value) == 0;
    } else {
        PyObject *answer = PyObject_CallFunctionObjArgs(self->failed, value, NULL);
        told = answer != NULL;
        Py_XDECREF(answer);
    }
    if (!told && fault_settle(str_name, self->fault) == FAULT_IS_THE_USERS) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
        return;
    }
    PyErr_Restore(type, value, traceback);
}

static PyObject *read_original(Tee *self, PyObject *const *args, size_t count, PyObject *names) {
    if (!self->raw) return call_vector(self->readinto, args, count, names);
    PyObject *raw = PyWeakref_GetObject(self->raw); /* borrowed, hence the references around the call */
    if (!raw) return NULL;
    if (raw == Py_None) return PyErr_Format(PyExc_ValueError, "I/O operation on closed file.");
    if (count != 1 || names) return PyErr_Format(PyExc_TypeError, "readinto() takes exactly one argument (%zu given)", count);
    PyObject *both[2] = {raw, args[0]};
    Py_INCREF(raw);
    PyObject *result = call_vector(self->readinto, both, 2, NULL);
    Py_DECREF(raw);
    return result;
}

static PyObject *tee_call(PyObject *object, PyObject *const *args, size_t flagged, PyObject *names) {
    Tee *self = (Tee *)object;
    size_t count = flagged & ~OFFSET_FLAG;
    PyObject *result = read_original(self, args, count, names);
    if (!result && self->failed) tell_failure(self);
    if (result && count > 0 && !feed(self, args[0], result)) Py_CLEAR(result);
    return result;
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Tee *self = (Tee *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->raw);
    Py_VISIT(self->readinto);
    Py_VISIT(self->capture);
    Py_VISIT(self->failed);
    Py_VISIT(self->fault);
    return 0;
}

static int clear(PyObject *object) {
    Tee *self = (Tee *)object;
    Py_CLEAR(self->raw);
    Py_CLEAR(self->readinto);
    Py_CLEAR(self->capture);
    Py_CLEAR(self->failed);
    Py_CLEAR(self->fault);
    return 0;
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    clear(object);
    free_instance(object);
}

/* Whose readinto is it that we stand before: another instance attribute (somebody else's tee), or the class's. */
static int find_original(Tee *self, PyObject *raw) {
    PyObject *attributes = PyObject_GetAttrString(raw, "__dict__");
    PyObject *own = attributes ? PyObject_GetItem(attributes, str_readinto) : NULL;
    Py_XDECREF(attributes);
    PyErr_Clear();
    if (own && Py_TYPE(own) != tee_type) {
        self->readinto = own;
        return 0;
    }
    Py_XDECREF(own);
    self->readinto = PyObject_GetAttr((PyObject *)Py_TYPE(raw), str_readinto);
    self->raw = self->readinto ? PyWeakref_NewRef(raw, NULL) : NULL;
    return self->raw ? 0 : -1;
}

int tee_readinto(PyObject *raw, PyObject *capture, PyObject *failed, PyObject *fault) {
    Tee *tee = (Tee *)PyType_GenericAlloc(tee_type, 0);
    if (!tee) return -1;
    tee->call = tee_call;
    Py_INCREF(capture);
    tee->capture = capture;
    if (failed && failed != Py_None) Py_INCREF(tee->failed = failed);
    if (fault && fault != Py_None) Py_INCREF(tee->fault = fault);
    int outcome = find_original(tee, raw);
    if (outcome == 0) outcome = PyObject_SetAttr(raw, str_readinto, (PyObject *)tee);
    Py_DECREF((PyObject *)tee);
    return outcome;
}

static PyObject *native_tee_readinto(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *raw, *capture, *failed = NULL, *fault = NULL;
    if (!PyArg_UnpackTuple(args, "tee_readinto", 2, 4, &raw, &capture, &failed, &fault)) return NULL;
    if (!capture_check(capture)) return PyErr_Format(PyExc_TypeError, "tee_readinto takes a Capture, not %R", (PyObject *)Py_TYPE(capture));
    if (tee_readinto(raw, capture, failed, fault) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Tee, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)not_constructible}, {Py_tp_call, (void *)PyVectorcall_Call}, {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},     {Py_tp_clear, (void *)clear},            {Py_tp_members, (void *)members}, {0, NULL},
};
static PyType_Spec spec = {"_native.ReadintoTee", sizeof(Tee), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | HAVE_VECTORCALL, slots};

static PyMethodDef functions[] = {
    {"tee_readinto", native_tee_readinto, METH_VARARGS, "tee_readinto(raw: socket.SocketIO, capture: Capture, failed=None, fault=None): reads through raw are fed to capture"},
    {NULL, NULL, 0, NULL},
};

int tee_readinto_register(PyObject *module) {
    str_readinto = PyUnicode_InternFromString("readinto");
    str_name = PyUnicode_InternFromString("tee_readinto");
    tee_type = type_from_spec(module, &spec, NULL);
    return str_readinto && str_name && tee_type ? PyModule_AddFunctions(module, functions) : -1;
}
