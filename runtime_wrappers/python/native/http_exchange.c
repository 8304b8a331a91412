#define _GNU_SOURCE /* memmem */
/* _native.HttpExchange(call, own): what one request and response over http.client's classes share, and where bytes on the wire are counted.
 *
 * `own`: http.client itself began the call, so that its errors are the call's; urllib3 reports its own.
 *
 *     attach(holder, exchange)          puts any library's exchange on a connection or response; None takes it off
 *     attached(holder) -> exchange      the one that runs on it, or None
 *     count_sent(exchange, data)        bytes-like, as sent: the head first, then body, perhaps framed in chunks
 */
#include "native.h"

#include <string.h>
#include <strings.h>
#include <structmember.h>

#define HEAD_SEARCHED 65536

static PyTypeObject *exchange_type;
static PyObject *str_aftercall, *str_call;

/* ---- on connections and responses ---- */

/* Object's own way and not setattr: a subclass may have another, and it spares the object a __dict__ of its own where Python does. */
int exchange_attach(PyObject *holder, PyObject *exchange) {
    bool away = !exchange || exchange == Py_None;
    if (PyObject_GenericSetAttr(holder, str_aftercall, away ? NULL : exchange) == 0) return 0;
    if (!away || !PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    PyErr_Clear();
    return 0;
}

static bool has_ended(PyObject *exchange) {
    if (Py_TYPE(exchange) == exchange_type) return ((HttpExchange *)exchange)->call->ended;
    PyObject *call = PyObject_GetAttr(exchange, str_call);
    bool ended = call && call_check(call) && ((Call *)call)->ended;
    Py_XDECREF(call);
    return ended;
}

/* Python 3.13 renamed the latter. Neither makes an AttributeError, which costs more than all the rest of a hook. */
extern int PyObject_GetOptionalAttr(PyObject *, PyObject *, PyObject **) __attribute__((weak));
extern int _PyObject_LookupAttr(PyObject *, PyObject *, PyObject **) __attribute__((weak));

/* Never by a class's own __getattr__ or __getattribute__. */
static PyObject *attribute(PyObject *holder) {
    PyObject *found = NULL;
    if (!(PyType_GetFlags(Py_TYPE(holder)) & Py_TPFLAGS_HEAPTYPE) || PyType_GetSlot(Py_TYPE(holder), Py_tp_getattro) != (void *)PyObject_GenericGetAttr)
        return PyObject_GenericGetAttr(holder, str_aftercall);
    if (PyObject_GetOptionalAttr)
        PyObject_GetOptionalAttr(holder, str_aftercall, &found);
    else if (_PyObject_LookupAttr)
        _PyObject_LookupAttr(holder, str_aftercall, &found);
    else
        found = PyObject_GenericGetAttr(holder, str_aftercall);
    return found;
}

PyObject *exchange_attached(PyObject *holder) {
    PyObject *exchange = attribute(holder);
    if (exchange && !has_ended(exchange)) return exchange;
    Py_XDECREF(exchange);
    PyErr_Clear();
    return NULL;
}

HttpExchange *http_attached(PyObject *holder) {
    PyObject *exchange = exchange_attached(holder);
    if (!exchange || Py_TYPE(exchange) == exchange_type) return (HttpExchange *)exchange;
    Py_DECREF(exchange);
    return NULL;
}

/* ---- bytes on the wire ---- */

/* The size of the one chunk that the data is; SIZE_UNKNOWN when it is not a chunk as a whole. */
static long long chunk_size(const char *data, Py_ssize_t size) {
    long long chunk = 0;
    for (Py_ssize_t i = 0; i < size && i < 16; i++) {
        const char *digits = "0123456789abcdef", *digit = data[i] ? strchr(digits, data[i] | 0x20) : NULL;
        if (!digit || data[i] == '\r') return data[i] == '\r' && i > 0 ? chunk : SIZE_UNKNOWN;
        chunk = chunk * 16 + (digit - digits);
    }
    return SIZE_UNKNOWN;
}

static bool mentions_chunked(const char *head, size_t size) {
    static const char field[] = "transfer-encoding: chunked";
    for (const char *line; (line = memchr(head, '\n', size)); head = line) {
        size -= (size_t)(++line - head);
        if (size >= sizeof field - 1 && (line[0] | 0x20) == 't' && strncasecmp(line, field, sizeof field - 1) == 0) return true;
    }
    return false;
}

static void count_head(HttpExchange *self, const char *data, size_t size) {
    size_t searched = size < HEAD_SEARCHED ? size : HEAD_SEARCHED;
    const char *blank = memmem(data, searched, "\r\n\r\n", 4);
    self->head_sent = true;
    self->call->request_size = blank ? (long long)(size - (size_t)(blank - data) - 4) : 0;
    self->chunked_request = mentions_chunked(data, blank ? (size_t)(blank - data) : searched);
}

int http_count_sent(HttpExchange *self, PyObject *data) {
    Call *call = self->call;
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return -1;
    int outcome = capture_check(call->request) ? capture_feed_bytes(call->request, view.buf, view.len) : 0;
    if (!self->head_sent) {
        count_head(self, view.buf, (size_t)view.len);
    } else if (call->request_size != SIZE_UNKNOWN) {
        long long body = self->chunked_request ? chunk_size(view.buf, view.len) : view.len;
        call->request_size = body == SIZE_UNKNOWN ? SIZE_UNKNOWN : call->request_size + body;
    }
    PyBuffer_Release(&view);
    return outcome;
}

int http_count_pending(HttpExchange *self) {
    PyObject *data = self->pending;
    if (!data) return 0;
    self->pending = NULL;
    int outcome = http_count_sent(self, data);
    Py_DECREF(data);
    return outcome;
}

/* ---- the type ---- */

HttpExchange *http_exchange_new(PyObject *call, bool own) {
    HttpExchange *self = (HttpExchange *)PyType_GenericAlloc(exchange_type, 0);
    if (!self) return NULL;
    Py_INCREF(call);
    self->call = (Call *)call;
    self->own = own;
    self->length = SIZE_UNKNOWN;
    if (!self->call->bodies) return self;
    PyObject *request = capture_wire(), *response = request ? capture_wire() : NULL;
    if (!response) {
        Py_XDECREF(request);
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    set_reference(&self->call->request, request);
    set_reference(&self->call->response, response);
    return self;
}

static PyObject *new(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *call;
    int own;
    if (!PyArg_ParseTuple(args, "Op:HttpExchange", &call, &own)) return NULL;
    if (!call_check(call)) return PyErr_Format(PyExc_TypeError, "HttpExchange takes a Call, not %R", (PyObject *)Py_TYPE(call));
    return (PyObject *)http_exchange_new(call, own);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT((PyObject *)((HttpExchange *)object)->call);
    Py_VISIT(((HttpExchange *)object)->pending);
    return 0;
}

static int clear(PyObject *object) {
    Py_CLEAR(((HttpExchange *)object)->pending);
    return 0; /* `call` is never NULL: it refers to nothing that could lead back here */
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    clear(object);
    Py_CLEAR(((HttpExchange *)object)->call);
    free_instance(object);
}

#define TRUTH(name) {#name, T_BOOL, offsetof(HttpExchange, name), 0, NULL}
static PyMemberDef members[] = {
    {"call", T_OBJECT_EX, offsetof(HttpExchange, call), READONLY, NULL},
    {"chunks", T_LONGLONG, offsetof(HttpExchange, chunks), 0, "bytes announced by the chunks that were begun"},
    TRUTH(own), TRUTH(started), TRUTH(tunnelling), TRUTH(measuring), TRUTH(closing), TRUTH(body_done),
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)new},     {Py_tp_dealloc, (void *)dealloc}, {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear}, {Py_tp_members, (void *)members}, {0, NULL},
};
static PyType_Spec spec = {"_native.HttpExchange", sizeof(HttpExchange), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

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
    if (!PyArg_ParseTuple(args, "O!O:count_sent", exchange_type, &exchange, &data) || http_count_sent((HttpExchange *)exchange, data) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"attach", native_attach, METH_VARARGS, "attach(holder, exchange or None)"},
    {"attached", native_attached, METH_O, "attached(holder) -> the exchange that runs on this connection or response, or None"},
    {"count_sent", native_count_sent, METH_VARARGS, "count_sent(exchange, data): bytes-like, as it crosses the wire"},
    {NULL, NULL, 0, NULL},
};

int http_exchange_register(PyObject *module) {
    str_aftercall = PyUnicode_InternFromString("_aftercall");
    str_call = PyUnicode_InternFromString("call");
    exchange_type = type_from_spec(module, &spec, "HttpExchange");
    return str_aftercall && str_call && exchange_type ? PyModule_AddFunctions(module, functions) : -1;
}
