/* _native.Capture: the first bytes of a body, and how many there were.
 *
 *     Capture(limit, wire=False)
 *     feed(bytes-like)   keeps what fits, counts all
 *     take() -> bytes    what was gathered since the last take; gathered and taken together never exceed the limit
 *     size               all bytes fed
 *     head_size          wire: bytes up to and with the first blank line; 0 until it has been seen
 *     full               nothing more will be kept
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
    OBJECT_HEAD
    char *kept;
    Py_ssize_t kept_size, capacity; /* of `kept` */
    Py_ssize_t gathered;            /* bytes kept so far, taken ones included */
    Py_ssize_t limit;               /* of `gathered` */
    Py_ssize_t size;
    Py_ssize_t head_size;
    Py_ssize_t body_limit; /* wire: what `limit` becomes after the head */
    bool wire;
    unsigned char line; /* wire: bytes of the current head line seen, 0, 1 ("\r" only), 2 (more) */
} Capture;

static Kind kind;
static Py_ssize_t call_bytes = 4096; /* AFTERCALL_CAPTURE_BYTES */

bool capture_check(PyObject *object) { return object && Py_TYPE(object) == kind.type; }

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
    Py_ssize_t wanted = (self->kept_size + more) * 2, left = self->kept_size + self->limit - self->gathered;
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
    int outcome = capture_feed_bytes(capture, view.buf, limit < view.len ? limit : view.len);
    PyBuffer_Release(&view);
    return outcome;
}

static PyObject *method_feed(PyObject *self, PyObject *data) {
    if (capture_feed(self, data, PY_SSIZE_T_MAX) < 0) return NULL;
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

static PyObject *method_take(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Py_ssize_t size;
    char *data = capture_take(object, &size);
    PyObject *taken = PyBytes_FromStringAndSize(data, size);
    free(data);
    return taken;
}

bool capture_is_wire(PyObject *capture) { return ((Capture *)capture)->wire; }
Py_ssize_t capture_size(PyObject *capture) { return ((Capture *)capture)->size; }

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

Py_ssize_t capture_body_size(PyObject *object) {
    Capture *self = (Capture *)object;
    if (self->gathered != self->kept_size) return -1; /* some was taken already */
    Py_ssize_t heads = heads_size(self->kept, self->kept_size);
    return heads ? self->size - heads : -1;
}

/* ---- the type ---- */

static PyObject *new(Py_ssize_t limit, bool wire) {
    Capture *self = (Capture *)object_new(&kind);
    if (!self) return NULL;
    self->wire = wire;
    self->body_limit = limit > PY_SSIZE_T_MAX / 4 ? PY_SSIZE_T_MAX / 4 : limit;
    self->limit = wire ? WIRE_HEAD_LIMIT : self->body_limit;
    self->line = 2;
    return (PyObject *)self;
}

PyObject *capture_wire(void) { return new(call_bytes, true); }

static PyObject *make(PyTypeObject *Py_UNUSED(type), PyObject *args, PyObject *kwargs) {
    static char *names[] = {"limit", "wire", NULL};
    Py_ssize_t limit;
    int wire = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "n|p:Capture", names, &limit, &wire)) return NULL;
    return limit < 0 ? PyErr_Format(PyExc_ValueError, "Capture takes a limit of 0 bytes or more, not %zd", limit) : new(limit, wire);
}

static void drop(PyObject *object, bool last) {
    Py_ssize_t size;
    if (last) free(capture_take(object, &size));
}

static PyObject *get_full(PyObject *object, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(((Capture *)object)->gathered >= ((Capture *)object)->limit);
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
static PyGetSetDef attributes[] = {{"full", get_full, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static const PyType_Slot slots[] = {
    {Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members}, {Py_tp_getset, (void *)attributes}, {0, NULL}};
static Kind kind = {.name = "_native.Capture", .size = sizeof(Capture), .make = make, .end = drop, .slots = slots};

static PyObject *native_capture_bytes(PyObject *Py_UNUSED(module), PyObject *limit) {
    call_bytes = PyLong_AsSsize_t(limit);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"capture_bytes", native_capture_bytes, METH_O, "capture_bytes(limit): of each wire capture that is made in C"},
    {NULL, NULL, 0, NULL},
};

int capture_register(PyObject *module) { return kind_register(module, &kind) < 0 ? -1 : PyModule_AddFunctions(module, functions); }
