/* _native.Capture: the first bytes of a body, and how many there were.
 *
 *     Capture(limit, wire=False)
 *     feed(bytes-like)   keeps what fits, counts all
 *     take() -> bytes    what was gathered since the last take; gathered and taken together never exceed the limit
 *     size               all bytes fed
 *     head_size          wire: bytes up to and with the first blank line; 0 until it has been seen
 *     full               nothing more will be kept
 *     eof                tee_readinto: the end of the connection was read
 *
 * wire=True: HTTP/1.x as it crosses the wire. The limit counts from the end of the first blank line (SPOOL_FORMAT, "The payload and its parts");
 * 65,536 bytes are kept where none comes.
 */
#define _GNU_SOURCE /* memmem */
#include "native.h"

#include <stdlib.h>
#include <string.h>
#include <structmember.h>

#define WIRE_HEAD_LIMIT 65536

typedef struct {
    PyObject_HEAD
    char *kept;
    Py_ssize_t kept_size, capacity; /* of `kept` */
    Py_ssize_t gathered;            /* bytes kept so far, taken ones included */
    Py_ssize_t limit;               /* of `gathered` */
    Py_ssize_t size;
    Py_ssize_t head_size;
    Py_ssize_t body_limit; /* wire: what `limit` becomes after the head */
    bool wire, eof;
    unsigned char line; /* wire: bytes of the current head line seen, 0, 1 ("\r" only), 2 (more) */
} Capture;

static PyTypeObject *capture_type;
static Py_ssize_t call_bytes = 4096; /* AFTERCALL_CAPTURE_BYTES */

void capture_end(PyObject *capture) { ((Capture *)capture)->eof = true; }

bool capture_check(PyObject *object) { return Py_TYPE(object) == capture_type; }

/* Returns the offset in `data` after the first blank line, or -1. A line of nothing, or of CR alone, is blank, but not as the very first one. */
static Py_ssize_t find_blank_line(Capture *self, const char *data, Py_ssize_t size) {
    const char *at = data, *end = data + size;
    for (const char *feed; (feed = memchr(at, '\n', (size_t)(end - at))); at = feed + 1) {
        Py_ssize_t length = feed - at;
        if (length == 0 ? self->line < 2 : length == 1 && *at == '\r' && self->line == 0) return feed + 1 - data;
        self->line = 0;
    }
    for (; at < end && self->line < 2; at++) self->line = *at == '\r' && self->line == 0 ? 1 : 2;
    return -1;
}

static void look_for_head(Capture *self, const char *data, Py_ssize_t size) {
    if (!self->wire || self->head_size || self->gathered >= self->limit) return;
    Py_ssize_t end = find_blank_line(self, data, size);
    if (end < 0) return;
    self->head_size = self->size + end;
    self->limit = self->head_size + self->body_limit;
}

static bool reserve(Capture *self, Py_ssize_t more) {
    if (self->kept_size + more <= self->capacity) return true;
    Py_ssize_t wanted = (self->kept_size + more) * 2;
    Py_ssize_t left = self->kept_size + self->limit - self->gathered;
    if (wanted > left) wanted = left;
    char *moved = realloc(self->kept, (size_t)wanted);
    if (!moved) return false;
    self->kept = moved;
    self->capacity = wanted;
    return true;
}

int capture_feed_bytes(PyObject *capture, const char *data, Py_ssize_t size) {
    Capture *self = (Capture *)capture;
    look_for_head(self, data, size);
    self->size += size;
    Py_ssize_t fits = self->limit - self->gathered;
    if (fits > size) fits = size;
    if (fits <= 0) return 0;
    if (!reserve(self, fits)) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(self->kept + self->kept_size, data, (size_t)fits);
    self->kept_size += fits;
    self->gathered += fits;
    return 0;
}

int capture_feed(PyObject *capture, PyObject *data, Py_ssize_t limit) {
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return -1;
    int outcome = capture_feed_bytes(capture, view.buf, limit < 0 || limit > view.len ? view.len : limit);
    PyBuffer_Release(&view);
    return outcome;
}

static PyObject *method_feed(PyObject *self, PyObject *data) {
    if (capture_feed(self, data, -1) < 0) return NULL;
    Py_RETURN_NONE;
}

char *capture_take(PyObject *object, Py_ssize_t *size) {
    Capture *self = (Capture *)object;
    char *taken = self->kept;
    *size = self->kept_size;
    self->kept = NULL;
    self->kept_size = self->capacity = 0;
    return taken;
}

/* HTTP/1.x heads at the start of what is kept, 1xx ones included; 0 when they do not end in it. */
static Py_ssize_t heads_size(const char *data, Py_ssize_t size) {
    for (Py_ssize_t at = 0;;) {
        const char *head = data + at;
        bool interim = size - at > 12 && (!memcmp(head, "HTTP/1.1 1", 10) || !memcmp(head, "HTTP/1.0 1", 10)) && memcmp(head + 9, "101", 3) != 0;
        const char *blank = memmem(head, (size_t)(size - at), "\r\n\r\n", 4);
        if (!blank) return 0;
        at = blank - data + 4;
        if (!interim) return at;
    }
}

Py_ssize_t capture_size(PyObject *capture) { return ((Capture *)capture)->size; }

Py_ssize_t capture_body_size(PyObject *object) {
    Capture *self = (Capture *)object;
    if (self->gathered != self->kept_size) return -1; /* some was taken already */
    Py_ssize_t heads = heads_size(self->kept, self->kept_size);
    return heads ? self->size - heads : -1;
}

static PyObject *method_take(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Py_ssize_t size;
    char *data = capture_take(object, &size);
    PyObject *taken = PyBytes_FromStringAndSize(data, size);
    free(data);
    return taken;
}

static PyObject *get_full(PyObject *object, void *Py_UNUSED(closure)) {
    Capture *self = (Capture *)object;
    return PyBool_FromLong(self->gathered >= self->limit);
}

static PyObject *get_eof(PyObject *object, void *Py_UNUSED(closure)) { return PyBool_FromLong(((Capture *)object)->eof); }

static PyObject *make(PyTypeObject *type, Py_ssize_t limit, bool wire) {
    Capture *self = (Capture *)PyType_GenericAlloc(type, 0);
    if (!self) return NULL;
    self->wire = wire;
    self->body_limit = limit > PY_SSIZE_T_MAX / 4 ? PY_SSIZE_T_MAX / 4 : limit;
    self->limit = wire ? WIRE_HEAD_LIMIT : self->body_limit;
    self->line = 2;
    return (PyObject *)self;
}

PyObject *capture_wire(void) { return make(capture_type, call_bytes, true); }

static PyObject *capture_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"limit", "wire", NULL};
    Py_ssize_t limit;
    int wire = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "n|p:Capture", names, &limit, &wire)) return NULL;
    if (limit < 0) return PyErr_Format(PyExc_ValueError, "Capture takes a limit of 0 bytes or more, not %zd", limit);
    return make(type, limit, wire);
}

static void capture_dealloc(PyObject *object) {
    free(((Capture *)object)->kept);
    free_instance(object);
}

static PyMethodDef methods[] = {
    {"feed", method_feed, METH_O, NULL},
    {"take", method_take, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef members[] = {
    {"size", T_PYSSIZET, offsetof(Capture, size), READONLY, NULL},
    {"head_size", T_PYSSIZET, offsetof(Capture, head_size), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef attributes[] = {
    {"full", get_full, NULL, NULL, NULL},
    {"eof", get_eof, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)capture_new},         {Py_tp_dealloc, (void *)capture_dealloc}, {Py_tp_methods, (void *)methods},
    {Py_tp_members, (void *)members},         {Py_tp_getset, (void *)attributes},
    {Py_tp_doc, (void *)"Capture(limit, wire=False): the first bytes of what is fed to it"},
    {0, NULL},
};
static PyType_Spec spec = {"_native.Capture", sizeof(Capture), 0, Py_TPFLAGS_DEFAULT, slots};

static PyObject *native_capture_bytes(PyObject *Py_UNUSED(module), PyObject *limit) {
    Py_ssize_t bytes = PyLong_AsSsize_t(limit);
    if (bytes < 0) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "capture_bytes takes 0 or more, not %zd", bytes);
    call_bytes = bytes;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"capture_bytes", native_capture_bytes, METH_O, "capture_bytes(limit): of each wire capture that is made in C"},
    {NULL, NULL, 0, NULL},
};

int capture_register(PyObject *module) {
    capture_type = type_from_spec(module, &spec, "Capture");
    return capture_type ? PyModule_AddFunctions(module, functions) : -1;
}
