/* _native.Call: one outgoing HTTP exchange, as every library's hooks tell it (calls.py has its manual).
 *
 *     Call(library, method, url, proxy, bodies)     begins now; nothing is written yet
 *     target(method, url)      names what the call is for, where it began (by connecting) before that was known
 *     stage(name)              call_start with this stage, later call_stage
 *     responded(status, heads=())                   call_response with what the captures hold
 *     end(error=None, complete=True, heads=())      call_end, once
 *     body_failed(error)       reading the body failed below the library
 *     describe_with(function)  module: function(error) -> ',"error_type":...' for all calls
 *
 * A call that is dropped without an end ends as given up.
 */
#include "native.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <structmember.h>

static PyTypeObject *call_type;

bool call_check(PyObject *object) { return Py_TYPE(object) == call_type; }

/* ---- methods ---- */

static PyObject *none_or_null(int outcome) {
    if (outcome < 0) return NULL;
    Py_RETURN_NONE;
}

/* The one of `known` (ended by NULL) that is the same text: the others compare by address. */
static const char *known_name(const char *const *known, const char *name) {
    for (; *known; known++)
        if (strcmp(*known, name) == 0) return *known;
    PyErr_Format(PyExc_ValueError, "%s is not a name of SPOOL_FORMAT.md", name);
    return NULL;
}

static PyObject *method_stage(PyObject *self, PyObject *name) {
    static const char *const stages[] = {
        STAGE_CONNECT, STAGE_DNS, STAGE_PROXY, STAGE_QUEUE, STAGE_REQUEST, STAGE_RESPONSE_BODY, STAGE_RESPONSE_HEAD, STAGE_TLS, NULL,
    };
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    const char *stage = text ? known_name(stages, text) : NULL;
    return stage ? none_or_null(call_stage((Call *)self, stage)) : NULL;
}

static PyObject *method_target(PyObject *self, PyObject *args) {
    PyObject *method, *url;
    if (!PyArg_ParseTuple(args, "UU:target", &method, &url)) return NULL;
    call_target((Call *)self, method, url);
    Py_RETURN_NONE;
}

static PyObject *method_responded(PyObject *self, PyObject *args) {
    int status;
    PyObject *heads = NULL;
    if (!PyArg_ParseTuple(args, "i|O!:responded", &status, &PyTuple_Type, &heads)) return NULL;
    return none_or_null(call_responded((Call *)self, status, heads));
}

static PyObject *method_end(PyObject *self, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"error", "complete", "heads", NULL};
    PyObject *error = NULL, *heads = NULL;
    int complete = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OpO!:end", names, &error, &complete, &PyTuple_Type, &heads)) return NULL;
    return none_or_null(call_end((Call *)self, error, complete, heads));
}

static PyObject *method_body_failed(PyObject *self, PyObject *error) { return none_or_null(call_body_failed((Call *)self, error)); }

static PyObject *native_describe_with(PyObject *Py_UNUSED(module), PyObject *function) {
    call_describe_with(function);
    Py_RETURN_NONE;
}

/* ---- attributes ---- */

static PyObject *get_size(PyObject *object, void *offset) {
    long long size = *(long long *)((char *)object + (size_t)offset);
    if (size == SIZE_UNKNOWN) Py_RETURN_NONE;
    return PyLong_FromLongLong(size);
}

static int set_size(PyObject *object, PyObject *value, void *offset) {
    long long size = !value || value == Py_None ? SIZE_UNKNOWN : PyLong_AsLongLong(value);
    if (PyErr_Occurred()) return -1;
    *(long long *)((char *)object + (size_t)offset) = size;
    return 0;
}

static PyObject *get_name(PyObject *object, void *offset) {
    const char *name = *(const char **)((char *)object + (size_t)offset);
    return name ? PyUnicode_FromString(name) : none_or_null(0);
}

static int set_part(PyObject *object, PyObject *value, void *offset) {
    static const char *const parts[] = {PART_REQUEST_WIRE, PART_RESPONSE_WIRE, "request_body", "response_body", NULL};
    const char *text = value ? PyUnicode_AsUTF8AndSize(value, NULL) : NULL;
    const char *part = text ? known_name(parts, text) : NULL;
    if (part) *(const char **)((char *)object + (size_t)offset) = part;
    return part ? 0 : -1;
}

static PyObject *get_span_id(PyObject *object, void *Py_UNUSED(closure)) {
    char digits[17]; /* PyUnicode_FromFormat knows no width with %lx before 3.12 */
    snprintf(digits, sizeof digits, "%016" PRIx64, ((Call *)object)->span_id);
    return PyUnicode_FromString(digits);
}

/* ---- life ---- */

static PyObject *text_of(PyObject *object) {
    if (!PyUnicode_Check(object)) return PyObject_Str(object);
    Py_INCREF(object);
    return object;
}

PyObject *call_new(PyObject *library, PyObject *method, PyObject *url, PyObject *proxy, bool bodies) {
    Call *self = (Call *)PyType_GenericAlloc(call_type, 0);
    if (!self) return NULL;
    self->time = spool_now();
    self->span_id = writer_span_id();
    self->process = writer_start();
    self->request_size = self->response_size = SIZE_UNKNOWN;
    self->request_part = PART_REQUEST_WIRE;
    self->response_part = PART_RESPONSE_WIRE;
    self->bodies = bodies;
    PyObject *request_id = writer_request_id();
    Py_XINCREF(self->request_id = request_id);
    Py_INCREF(self->library = library);
    Py_INCREF(self->url = url);
    Py_INCREF(self->proxy = proxy ? proxy : Py_None);
    Py_INCREF(self->request = Py_None);
    Py_INCREF(self->response = Py_None);
    Py_INCREF(self->error = Py_None);
    self->method = text_of(method);
    if (self->method && PyUnicode_Check(library) && PyUnicode_Check(url)) return (PyObject *)self;
    if (self->method) PyErr_Format(PyExc_TypeError, "Call takes str, not %R and %R", (PyObject *)Py_TYPE(library), (PyObject *)Py_TYPE(url));
    Py_DECREF((PyObject *)self);
    return NULL;
}

static PyObject *new(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *library, *method, *url, *proxy;
    int bodies;
    if (!PyArg_ParseTuple(args, "UOUOp:Call", &library, &method, &url, &proxy, &bodies)) return NULL;
    return call_new(library, method, url, proxy, bodies);
}

static void finalize(PyObject *object) {
    Call *self = (Call *)object;
    if (self->ended || !(self->written || self->sent)) return;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (call_end(self, NULL, false, NULL) < 0) fault_settle_late("Call.__del__");
    PyErr_Restore(type, value, traceback);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((Call *)object)->request);
    Py_VISIT(((Call *)object)->response);
    Py_VISIT(((Call *)object)->error);
    return 0;
}

static int clear(PyObject *object) {
    Call *self = (Call *)object;
    Py_CLEAR(self->request);
    Py_CLEAR(self->response);
    Py_CLEAR(self->error);
    return 0;
}

static void dealloc(PyObject *object) {
    Call *self = (Call *)object;
    PyObject_GC_UnTrack(object);
    if (self->method) finalize(object);
    clear(object);
    Py_CLEAR(self->library);
    Py_CLEAR(self->method);
    Py_CLEAR(self->url);
    Py_CLEAR(self->proxy);
    Py_CLEAR(self->request_id);
    free_instance(object);
}

static PyMethodDef methods[] = {
    {"stage", method_stage, METH_O, NULL},
    {"target", method_target, METH_VARARGS, NULL},
    {"responded", method_responded, METH_VARARGS, NULL},
    {"end", (PyCFunction)(void (*)(void))method_end, METH_VARARGS | METH_KEYWORDS, NULL},
    {"body_failed", method_body_failed, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
#define OBJECT(name, flags) {#name, T_OBJECT_EX, offsetof(Call, name), flags, NULL}
#define TRUTH(name, flags) {#name, T_BOOL, offsetof(Call, name), flags, NULL}
static PyMemberDef members[] = {
    OBJECT(library, READONLY), OBJECT(method, READONLY), OBJECT(url, READONLY),     OBJECT(proxy, READONLY),       OBJECT(request_id, READONLY),
    OBJECT(request, 0),        OBJECT(response, 0),      OBJECT(error, 0),          TRUTH(bodies, READONLY),       TRUTH(decoded, 0),
    TRUTH(written, READONLY),  TRUTH(ended, READONLY),   TRUTH(sent, 0),            TRUTH(has_response, READONLY), TRUTH(slow, 0),
    {NULL, 0, 0, 0, NULL},
};
#define OFFSET(name) ((void *)offsetof(Call, name))
static PyGetSetDef attributes[] = {
    {"request_size", get_size, set_size, "bytes of body, None where not known", OFFSET(request_size)},
    {"response_size", get_size, set_size, NULL, OFFSET(response_size)},
    {"request_part", get_name, set_part, "what the bytes of `request` are", OFFSET(request_part)},
    {"response_part", get_name, set_part, NULL, OFFSET(response_part)},
    {"current_stage", get_name, NULL, NULL, OFFSET(stage)},
    {"span_id", get_span_id, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)new},           {Py_tp_dealloc, (void *)dealloc}, {Py_tp_traverse, (void *)traverse}, {Py_tp_clear, (void *)clear},
    {Py_tp_finalize, (void *)finalize}, {Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members},   {Py_tp_getset, (void *)attributes},
    {0, NULL},
};
static PyType_Spec spec = {"_native.Call", sizeof(Call), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

static PyMethodDef functions[] = {
    {"describe_with", native_describe_with, METH_O, "describe_with(function): function(error) -> ',\"error_type\":...' describes the errors of calls"},
    {NULL, NULL, 0, NULL},
};

int call_register(PyObject *module) {
    call_type = type_from_spec(module, &spec, "Call");
    return call_type ? PyModule_AddFunctions(module, functions) : -1;
}
