/* _native.HttpExchange(call, own): what one request and response over http.client's classes share, and where bytes on the wire are counted.
 *
 * `own`: http.client itself began the call, so that its errors are the call's; urllib3 reports its own.
 *
 *     attach(holder, exchange)          puts any library's exchange on a connection or response; None takes it off
 *     attached(holder) -> exchange      the one that runs on it, or None
 *     count_sent(exchange, data)        bytes-like, as sent: the head first, then body, perhaps framed in chunks
 */
#define _GNU_SOURCE /* memmem */
#include "native.h"

#include <string.h>
#include <strings.h>
#include <structmember.h>

#define HEAD_SEARCHED 65536

static Kind kind;

/* ---- on connections and responses ---- */

/* Object's own way and not setattr: a subclass may have another, and it spares the object a __dict__ of its own where Python does. */
int exchange_attach(PyObject *holder, PyObject *exchange) {
    bool away = !exchange || exchange == Py_None;
    if (PyObject_GenericSetAttr(holder, str_aftercall, away ? NULL : exchange) == 0) return 0;
    if (!away || !PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    PyErr_Clear();
    return 0;
}

/* Python 3.13 renamed the latter. Neither makes an AttributeError, which costs more than all the rest of a hook. */
extern int PyObject_GetOptionalAttr(PyObject *, PyObject *, PyObject **) __attribute__((weak));
extern int _PyObject_LookupAttr(PyObject *, PyObject *, PyObject **) __attribute__((weak));

/* Never by a class's own __getattr__ or __getattribute__. */
static PyObject *own_attribute(PyObject *holder) {
    PyObject *found = NULL;
    bool generic =
        PyType_GetFlags(Py_TYPE(holder)) & Py_TPFLAGS_HEAPTYPE && PyType_GetSlot(Py_TYPE(holder), Py_tp_getattro) == (void *)PyObject_GenericGetAttr;
    if (generic && PyObject_GetOptionalAttr)
        PyObject_GetOptionalAttr(holder, str_aftercall, &found);
    else if (generic && _PyObject_LookupAttr)
        _PyObject_LookupAttr(holder, str_aftercall, &found);
    else
        found = PyObject_GenericGetAttr(holder, str_aftercall);
    PyErr_Clear();
    return found;
}

Call *exchange_call(PyObject *exchange) {
    PyObject *call = PyObject_GetAttr(exchange, str_call);
    if (call_check(call) && !((Call *)call)->ended) return (Call *)call;
    Py_XDECREF(call);
    PyErr_Clear();
    return NULL;
}

Call *exchange_call_weakly(PyObject *holder) {
    PyObject *reference = own_attribute(holder);
    PyObject *exchange = reference ? PyObject_CallObject(reference, NULL) : NULL;
    Call *call = exchange ? exchange_call(exchange) : NULL;
    Py_XDECREF(reference);
    Py_XDECREF(exchange);
    return call;
}

PyObject *exchange_attached(PyObject *holder) {
    PyObject *exchange = own_attribute(holder);
    Call *call = !exchange ? NULL : Py_TYPE(exchange) == kind.type ? ((HttpExchange *)exchange)->call : exchange_call(exchange);
    bool runs = call && !call->ended;
    if (exchange && Py_TYPE(exchange) != kind.type) Py_XDECREF((PyObject *)call);
    if (!runs) Py_CLEAR(exchange);
    return exchange;
}

HttpExchange *http_attached(PyObject *holder) {
    PyObject *exchange = exchange_attached(holder);
    if (exchange && Py_TYPE(exchange) != kind.type) Py_CLEAR(exchange);
    return (HttpExchange *)exchange;
}

/* ---- bytes on the wire ---- */

/* The size of the one chunk that the data is; SIZE_UNKNOWN when it is not a chunk as a whole. */
static long long chunk_size(const char *data, Py_ssize_t size) {
    long long chunk = 0;
    for (Py_ssize_t i = 0; i < size && i < 15; i++) {
        const char *digits = "0123456789abcdef", *digit = data[i] ? strchr(digits, data[i] | 0x20) : NULL;
        if (!digit || data[i] == '\r') return data[i] == '\r' && i > 0 ? chunk : SIZE_UNKNOWN;
        chunk = chunk * 16 + (digit - digits);
    }
    return SIZE_UNKNOWN;
}

static bool begins(const char *line, size_t size, const char *field) { return size > strlen(field) && strncasecmp(line, field, strlen(field)) == 0; }

/* The digits at the start of a field's value: no more than the line has. */
static long long number_at(const char *at, const char *end) {
    long long number = 0;
    while (at < end && *at == ' ') at++;
    for (; at < end && *at >= '0' && *at <= '9' && number < (1LL << 58); at++) number = number * 10 + (*at - '0');
    return number;
}

/* What the head says of the body that follows. */
static void read_head(HttpExchange *self, const char *head, size_t size) {
    for (const char *line; (line = memchr(head, '\n', size)); head = line) {
        size -= (size_t)(++line - head);
        if (begins(line, size, "content-length:")) self->announced = number_at(line + 15, line + size);
        if (begins(line, size, "transfer-encoding: chunked")) self->chunked_request = true;
        if (begins(line, size, "expect: 100-continue")) self->call->slow = true;
    }
}

static void count_head(HttpExchange *self, const char *data, size_t size) {
    size_t searched = size < HEAD_SEARCHED ? size : HEAD_SEARCHED;
    const char *blank = memmem(data, searched, "\r\n\r\n", 4);
    self->head_sent = true;
    self->call->request_size = blank ? (long long)(size - (size_t)(blank - data) - 4) : 0;
    if (blank) read_head(self, data, (size_t)(blank - data) + 4);
}

static void count_body(HttpExchange *self, const char *data, Py_ssize_t size) {
    long long body = self->chunked_request ? chunk_size(data, size) : size;
    self->request_done = self->chunked_request && body == 0;
    self->call->request_size = body == SIZE_UNKNOWN ? SIZE_UNKNOWN : self->call->request_size + body;
}

int http_count_sent(HttpExchange *self, PyObject *data) {
    Call *call = self->call;
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return -1;
    int outcome = capture_check(call->request) ? capture_feed_bytes(call->request, view.buf, view.len) : 0;
    if (!self->head_sent)
        count_head(self, view.buf, (size_t)view.len);
    else if (call->request_size != SIZE_UNKNOWN)
        count_body(self, view.buf, view.len);
    PyBuffer_Release(&view);
    return outcome;
}

bool http_request_is_whole(const HttpExchange *self) {
    return self->head_sent && (self->chunked_request ? self->request_done : self->call->request_size >= self->announced);
}

/* ---- the type ---- */

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *call;
    int own;
    if (!PyArg_ParseTuple(args, "Op:HttpExchange", &call, &own)) return NULL;
    if (!call_check(call)) return PyErr_Format(PyExc_TypeError, "HttpExchange takes a Call, not %R", (PyObject *)Py_TYPE(call));
    HttpExchange *self = (HttpExchange *)object_new(&kind);
    if (!self) return NULL;
    keep((PyObject **)&self->call, call);
    self->own = own;
    self->length = SIZE_UNKNOWN;
    PyObject *request = self->call->bodies ? capture_wire() : NULL, *response = request ? capture_wire() : NULL;
    if (request) set_reference(&self->call->request, request);
    if (response) set_reference(&self->call->response, response);
    if (PyErr_Occurred()) Py_CLEAR(self);
    return (PyObject *)self;
}

/* A connection that was closed may be copied and pickled: what stood on it then is None. */
static PyObject *method_reduce(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored)) { return Py_BuildValue("O()", (PyObject *)Py_TYPE(Py_None)); }

static PyMethodDef methods[] = {
    {"__reduce__", method_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
#define TRUTH(name) {#name, T_BOOL, offsetof(HttpExchange, name), 0, NULL}
#define NUMBER(name, text) {#name, T_LONGLONG, offsetof(HttpExchange, name), 0, text}
static PyMemberDef members[] = {
    {"call", T_OBJECT_EX, offsetof(HttpExchange, call), READONLY, NULL},
    NUMBER(length, "of the response's body, -1 where it is not announced"),
    NUMBER(chunks, "bytes announced by the chunks of the response that were begun"),
    NUMBER(head_size, "of the response, where its body ends with the connection"),
    TRUTH(own),
    TRUTH(started),
    TRUTH(tunnelling),
    TRUTH(watched),
    TRUTH(eof),
    TRUTH(measuring),
    TRUTH(body_done),
    {NULL, 0, 0, 0, NULL},
};
static const PyType_Slot slots[] = {{Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members}, {0, NULL}};
static Kind kind = {.name = "_native.HttpExchange", .size = sizeof(HttpExchange), .held = 1, .make = make, .slots = slots};

/* ---- for Python code ---- */

static PyObject *native_attach(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *holder, *exchange;
    if (!PyArg_UnpackTuple(args, "attach", 2, 2, &holder, &exchange) || exchange_attach(holder, exchange) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *native_attached(PyObject *Py_UNUSED(module), PyObject *holder) {
    PyObject *exchange = exchange_attached(holder);
    if (exchange) return exchange;
    Py_RETURN_NONE;
}

static PyObject *native_count_sent(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *exchange, *data;
    if (!PyArg_ParseTuple(args, "O!O:count_sent", kind.type, &exchange, &data) || http_count_sent((HttpExchange *)exchange, data) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"attach", native_attach, METH_VARARGS, "attach(holder, exchange or None)"},
    {"attached", native_attached, METH_O, "attached(holder) -> the exchange that runs on this connection or response, or None"},
    {"count_sent", native_count_sent, METH_VARARGS, "count_sent(exchange, data): bytes-like, as it crosses the wire"},
    {NULL, NULL, 0, NULL},
};

int http_exchange_register(PyObject *module) { return kind_register(module, &kind) < 0 ? -1 : PyModule_AddFunctions(module, functions); }
