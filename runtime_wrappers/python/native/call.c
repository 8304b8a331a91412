/* _native.Call: one outgoing HTTP call, as every library's hooks tell it (calls.py has its manual), and the frames that tell it on.
 *
 *     Call(library, method, url, proxy, bodies)     begins now; nothing is written yet
 *     target(method, url)      names what the call is for, where it began (by connecting) before that was known
 *     stage(name)              call_start with this stage, later call_stage
 *     responded(status, heads=())                   call_response with what the captures hold
 *     end(error=None, complete=True, heads=())      call_end, once
 *     describe_with(function)  module: function(error) -> ',"error_type":...' for all calls
 *
 * A call that is dropped without an end ends as given up.
 */
#include "native.h"

#include <inttypes.h>
#include <stdio.h>
#include <structmember.h>

/* A URL may be as long as a client likes; escaped, it must leave room in the header. */
#define URL_CHARACTERS 8192

static Kind kind;
static PyObject *describe;

bool call_check(PyObject *object) { return object && Py_TYPE(object) == kind.type; }

/* ---- frames ---- */

static void open_frame(Call *self, Frame *frame, const char *what, long long time) {
    frame_begin(frame, what, time, self->request_id);
    text_string(&frame->text, ",\"span_id\":\"");
    text_hex(&frame->text, self->span_id);
    text_string(&frame->text, "\"");
}

static void put_target(Call *self, Frame *frame) {
    text_field(&frame->text, "method", self->method, URL_CHARACTERS);
    text_field(&frame->text, "url", self->url, URL_CHARACTERS);
}

static void put_size(Frame *frame, const char *name, long long size, PyObject *capture) {
    if (size == SIZE_UNKNOWN && capture_check(capture) && !capture_is_wire(capture)) size = capture_size(capture);
    if (size == SIZE_UNKNOWN) return;
    text_string(&frame->text, name);
    text_number(&frame->text, size);
}

static void put_sizes(Call *self, Frame *frame) {
    put_size(frame, ",\"request_size\":", self->request_size, self->request);
    put_size(frame, ",\"response_size\":", self->response_size, self->response);
    if (self->decoded) text_string(&frame->text, ",\"decoded\":true");
}

static void add_capture(Frame *frame, PyObject *name, PyObject *capture) {
    if (!capture_check(capture)) return;
    Py_ssize_t size;
    char *taken = capture_take(capture, &size);
    frame_part(frame, (Part){PyUnicode_AsUTF8AndSize(name, NULL), NULL, taken, taken, (size_t)size});
}

/* What was not yet sent. */
static void add_parts(Call *self, Frame *frame, PyObject *heads) {
    if (!self->bodies || !writer_takes_parts()) return;
    for (Py_ssize_t i = 0; heads && i < PyTuple_Size(heads); i++) {
        const char *name;
        PyObject *data;
        if (PyArg_ParseTuple(PyTuple_GetItem(heads, i), "sO", &name, &data)) frame_part_of(frame, name, data, PY_SSIZE_T_MAX);
    }
    add_capture(frame, self->request_part, self->request);
    add_capture(frame, self->response_part, self->response);
}

/* What the call asks for must be on disk before it waits for an answer: of one that hangs nothing else is known. */
static void put_stage(Call *self, Frame *frame) {
    text_field(&frame->text, "stage", self->stage, PY_SSIZE_T_MAX);
    if (self->stage == str_response_head && self->bodies && writer_takes_parts()) add_capture(frame, self->request_part, self->request);
}

/* -1 with an exception set, which may also have come up while the frame was composed. */
static int write_and_end(Frame *frame) {
    int outcome = PyErr_Occurred() ? -1 : writer_write(frame);
    frame_end(frame);
    return outcome < 0 ? -1 : 0;
}

/* ---- what happens to a call ---- */

static void add_start(Call *self, Frame *frame) {
    open_frame(self, frame, "call_start", self->time);
    text_field(&frame->text, "library", self->library, URL_CHARACTERS);
    put_target(self, frame);
    if (PyUnicode_Check(self->proxy) && PyUnicode_GetLength(self->proxy)) text_field(&frame->text, "proxy", self->proxy, URL_CHARACTERS);
    if (!self->bodies) text_string(&frame->text, ",\"bodies\":\"excluded\"");
}

int call_stage(Call *self, PyObject *stage) {
    if (self->ended || (self->stage && PyUnicode_Compare(stage, self->stage) == 0)) return PyErr_Occurred() ? -1 : 0;
    keep(&self->stage, stage);
    Frame frame;
    if (!self->written)
        add_start(self, &frame);
    else
        open_frame(self, &frame, "call_stage", spool_now());
    if (self->moved) put_target(self, &frame);
    self->written = true;
    self->moved = false;
    put_stage(self, &frame);
    return write_and_end(&frame);
}

int call_responded(Call *self, long status, PyObject *heads) {
    if (self->ended || self->has_response) return 0;
    if ((!self->written || self->moved) && call_stage(self, str_response_head) < 0) return -1;
    self->has_response = true;
    keep(&self->stage, str_response_body);
    Frame frame;
    open_frame(self, &frame, "call_response", spool_now());
    text_string(&frame.text, ",\"status\":");
    text_number(&frame.text, status);
    add_parts(self, &frame, heads);
    return write_and_end(&frame);
}

static void put_failure(Call *self, Frame *frame, PyObject *error) {
    PyObject *fields = describe ? PyObject_CallFunctionObjArgs(describe, error, NULL) : NULL;
    const char *text = fields ? PyUnicode_AsUTF8AndSize(fields, NULL) : NULL;
    if (text) text_string(&frame->text, text);
    Py_XDECREF(fields);
    if (self->stage) text_field(&frame->text, "stage", self->stage, PY_SSIZE_T_MAX);
}

int call_end(Call *self, PyObject *error, bool complete, PyObject *heads) {
    if (self->ended) return 0;
    self->ended = self->process != writer_start(); /* a forked child that inherited it says nothing: it is its parent's */
    if (!self->ended && !self->written && call_stage(self, str_request) < 0) return -1;
    if (self->ended) return 0;
    self->ended = true;
    if (!error || error == Py_None) error = self->error;
    bool failed = error && error != Py_None;
    Frame frame;
    open_frame(self, &frame, "call_end", spool_now());
    put_sizes(self, &frame);
    Py_XINCREF(error);
    if (failed) put_failure(self, &frame, error);
    Py_XDECREF(error);
    if (failed || !complete) text_string(&frame.text, ",\"complete\":false");
    add_parts(self, &frame, heads);
    return write_and_end(&frame);
}

static void give_up(PyObject *object, bool Py_UNUSED(last)) {
    Call *self = (Call *)object;
    if (self->method && (self->written || self->sent) && call_end(self, NULL, false, NULL) < 0) fault_settle_late(str_call_type);
}

/* ---- for Python code ---- */

static PyObject *none_or_null(int outcome) {
    if (outcome < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *method_stage(PyObject *self, PyObject *name) { return none_or_null(call_stage((Call *)self, name)); }

static PyObject *method_target(PyObject *object, PyObject *args) {
    Call *self = (Call *)object;
    PyObject *method, *url;
    if (!PyArg_ParseTuple(args, "UU:target", &method, &url)) return NULL;
    keep(&self->method, method);
    keep(&self->url, url);
    self->moved = self->written;
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

static PyObject *get_size(PyObject *object, void *offset) {
    long long size = *(long long *)(void *)((char *)object + (size_t)offset);
    return size == SIZE_UNKNOWN ? none_or_null(0) : PyLong_FromLongLong(size);
}

static int set_size(PyObject *object, PyObject *value, void *offset) {
    long long size = !value || value == Py_None ? SIZE_UNKNOWN : PyLong_AsLongLong(value);
    if (!PyErr_Occurred()) *(long long *)(void *)((char *)object + (size_t)offset) = size;
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *get_span_id(PyObject *object, void *Py_UNUSED(closure)) {
    char digits[17]; /* PyUnicode_FromFormat knows no width with %lx before 3.12 */
    snprintf(digits, sizeof digits, "%016" PRIx64, ((Call *)object)->span_id);
    return PyUnicode_FromString(digits);
}

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *library, *method, *url, *proxy;
    int bodies;
    if (!PyArg_ParseTuple(args, "UOUOp:Call", &library, &method, &url, &proxy, &bodies)) return NULL;
    PyObject *text = PyUnicode_Check(method) ? PyUnicode_FromObject(method) : PyObject_Str(method);
    Call *self = text ? (Call *)object_new(&kind) : NULL;
    if (!self) {
        Py_XDECREF(text);
        return NULL;
    }
    self->method = text;
    keep(&self->library, library);
    keep(&self->url, url);
    keep(&self->proxy, proxy);
    keep(&self->request_id, writer_request_id());
    keep(&self->request, Py_None);
    keep(&self->response, Py_None);
    keep(&self->error, Py_None);
    keep(&self->request_part, str_request_wire);
    keep(&self->response_part, str_response_wire);
    self->time = spool_now();
    self->span_id = writer_span_id();
    self->process = writer_start();
    self->request_size = self->response_size = SIZE_UNKNOWN;
    self->bodies = bodies;
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"stage", method_stage, METH_O, NULL},
    {"target", method_target, METH_VARARGS, NULL},
    {"responded", method_responded, METH_VARARGS, NULL},
    {"end", (PyCFunction)(void (*)(void))method_end, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
#define OBJECT(name, flags) {#name, T_OBJECT_EX, offsetof(Call, name), flags, NULL}
#define TRUTH(name, flags) {#name, T_BOOL, offsetof(Call, name), flags, NULL}
static PyMemberDef members[] = {
    OBJECT(library, READONLY),
    OBJECT(method, READONLY),
    OBJECT(url, READONLY),
    OBJECT(proxy, READONLY),
    OBJECT(request_id, READONLY),
    OBJECT(request, 0),
    OBJECT(response, 0),
    OBJECT(error, 0),
    OBJECT(request_part, 0),
    OBJECT(response_part, 0),
    {"current_stage", T_OBJECT, offsetof(Call, stage), READONLY, "None before the first"},
    TRUTH(bodies, READONLY),
    TRUTH(written, READONLY),
    TRUTH(ended, READONLY),
    TRUTH(has_response, READONLY),
    TRUTH(decoded, 0),
    TRUTH(sent, 0),
    TRUTH(slow, 0),
    {NULL, 0, 0, 0, NULL},
};
#define OFFSET(name) ((void *)offsetof(Call, name))
static PyGetSetDef attributes[] = {
    {"request_size", get_size, set_size, "bytes of body, None where not known", OFFSET(request_size)},
    {"response_size", get_size, set_size, NULL, OFFSET(response_size)},
    {"span_id", get_span_id, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static const PyType_Slot slots[] = {
    {Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members}, {Py_tp_getset, (void *)attributes}, {0, NULL}};
static Kind kind = {.name = "_native.Call", .size = sizeof(Call), .held = 11, .make = make, .end = give_up, .slots = slots};

static PyObject *native_describe_with(PyObject *Py_UNUSED(module), PyObject *function) {
    keep(&describe, function);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"describe_with", native_describe_with, METH_O, "describe_with(function): describes the errors of calls"},
    {NULL, NULL, 0, NULL},
};

int call_register(PyObject *module) { return kind_register(module, &kind) < 0 ? -1 : PyModule_AddFunctions(module, functions); }
