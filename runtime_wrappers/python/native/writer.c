/* _native.SegmentWriter: the base of spool.Writer. What every frame passes through is here; whatever is rare (a new segment, a full disk, drops) is left to
 * the Python methods of the subclass:
 *
 *     _append_rarely(carries_drops, buffers, size) -> bool         neither path nor off need be None
 *     _append_failed(error, frames, size) -> False                 a positive errno, or -1 for a short write
 *     _lose(reason, size) -> False
 *
 *     write(kind, time, request_id, tail="", parts=()) -> bool     one frame; `tail` is JSON text, `parts` a sequence of (name, bytes or ASCII str[, most bytes])
 *     renew()                                                      draw a new seed for span ids: a fork or a restored snapshot would repeat them
 *     use()                                                        the frames of calls go to this writer from here on
 *
 * No Python code runs between the look at `path` and the end of the write, so no other thread renames the segment meanwhile.
 */
#include "native.h"

#include <errno.h>
#include <string.h>
#include <structmember.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GOLDEN 0x9e3779b97f4a7c15ULL

typedef struct {
    PyObject_HEAD
    PyObject *path; /* of the segment, or None */
    PyObject *off;  /* None, or why nothing is written until the next invocation */
    PyObject *lost, *faults, *request_id;
    long long start, size, frames, bytes;
    long long frame_cap, byte_cap, segment_cap;
    uint64_t seed;
} Writer;

static Writer *current; /* owned */

/* Written whatever the invocation's caps say, though without parts. */
static bool is_closing(const char *kind) { return strcmp(kind, "call_end") == 0 || strcmp(kind, "invocation_end") == 0; }

static bool carries_drops(const char *kind) { return is_closing(kind) || strcmp(kind, "invocation_start") == 0; }

static bool has_drops(Writer *self) { return PyDict_Size(self->lost) > 0 || PyDict_Size(self->faults) > 0; }

static bool is_capped(Writer *self) { return self->frames >= self->frame_cap || self->bytes >= self->byte_cap; }

/* 1, 0, or -1 with an exception set. Takes the reference. */
static int truth(PyObject *answer) {
    int outcome = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return outcome;
}

/* ---- append ---- */

enum { NOT_TRIED = -2 };

/* The outcome of spool_append, or NOT_TRIED where this is no plain append. */
static int append_at_once(Writer *self, const Frames *frames, size_t size) {
    if (self->path == Py_None || self->off != Py_None || self->size > self->segment_cap) return NOT_TRIED;
    for (int i = 0; i < frames->count; i++)
        if (carries_drops(frames->frame[i].kind) && has_drops(self)) return NOT_TRIED;
    char *path;
    if (PyBytes_AsStringAndSize(self->path, &path, NULL) < 0) {
        PyErr_Clear();
        return NOT_TRIED;
    }
    struct iovec vector[MOST_FRAMES + MOST_PARTS];
    int outcome = spool_append(path, 0, vector, frames_gather(frames, vector), (ssize_t)size);
    if (outcome == 0) {
        self->size += (long long)size;
    } else {
        Py_INCREF(Py_None);
        set_reference(&self->path, Py_None);
    }
    return outcome;
}

static int append_rarely(Writer *self, const Frames *frames, int number) {
    const Frame *frame = &frames->frame[number];
    PyObject *buffers = frame_buffers(frames, number);
    if (!buffers) return -1;
    PyObject *drops = carries_drops(frame->kind) ? Py_True : Py_False;
    Py_ssize_t size = (Py_ssize_t)(frame->text_size + frame->payload);
    int outcome = truth(PyObject_CallMethod((PyObject *)self, "_append_rarely", "OOn", drops, buffers, size));
    Py_DECREF(buffers);
    return outcome;
}

/* The frame is written, or counted as what it was: it is the next ones that do not wait. */
static int stop_if_slow(Writer *self) {
    if (!spool_was_slow()) return 0;
    PyObject *reason = PyUnicode_FromString("slow");
    if (!reason) return -1;
    set_reference(&self->off, reason);
    return 0;
}

static int append_frames(Writer *self, const Frames *frames) {
    size_t size = 0;
    for (int i = 0; i < frames->count; i++) size += frames->frame[i].text_size + frames->frame[i].payload;
    self->frames += frames->count;
    self->bytes += (long long)size;
    int outcome = append_at_once(self, frames, size);
    if (outcome == 0) return 1;
    if (outcome != NOT_TRIED && outcome != ENOENT)
        return truth(PyObject_CallMethod((PyObject *)self, "_append_failed", "iin", outcome, frames->count, (Py_ssize_t)size));
    int all = 1;
    for (int i = 0; i < frames->count && all >= 0; i++) {
        int written = append_rarely(self, frames, i);
        all = written < all ? written : all;
    }
    return all;
}

static int append(Writer *self, const Frames *frames) {
    int written = append_frames(self, frames);
    return written < 0 || stop_if_slow(self) < 0 ? -1 : written;
}

static int lose(Writer *self, const char *reason, size_t size) {
    return truth(PyObject_CallMethod((PyObject *)self, "_lose", "sn", reason, (Py_ssize_t)size));
}

static int finish_frame(Writer *self, Frames *frames) {
    const Frame *frame = &frames->frame[frames->count];
    if (is_capped(self) && !is_closing(frame->kind)) return lose(self, "invocation_cap", frame_drop(frames));
    return frame_close(frames) ? 1 : lose(self, "header_too_long", 0);
}

/* ---- for the other files ---- */

bool writer_takes_parts(void) { return current && !is_capped(current); }
PyObject *writer_request_id(void) { return current ? current->request_id : NULL; }
long long writer_start(void) { return current ? current->start : 0; }
int writer_finish_frame(Frames *frames) { return current ? finish_frame(current, frames) : 0; }
int writer_write(const Frames *frames) { return current && frames->count ? append(current, frames) : 0; }

void writer_count_fault(const char *name) {
    PyObject *answer = current ? PyObject_CallMethod((PyObject *)current, "count_fault", "s", name) : NULL;
    Py_XDECREF(answer);
    fault_settle_late(NULL);
}

static uint64_t mixed(uint64_t value) {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
    return value ^ value >> 31;
}

/* splitmix64 over a seed from the kernel. The clock tells environments apart that were restored from one snapshot and have not renewed yet. */
uint64_t writer_span_id(void) {
    static uint64_t drawn;
    uint64_t id = mixed((current ? current->seed : 0) + ++drawn * GOLDEN) ^ mixed((uint64_t)spool_now());
    return id ? id : 1; /* all zeros means "no span" to OpenTelemetry */
}

/* ---- the type ---- */

static PyObject *method_renew(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Writer *self = (Writer *)object;
    uint64_t seed = 0;
    if (syscall(SYS_getrandom, &seed, sizeof seed, 1 /* GRND_NONBLOCK */) != (long)sizeof seed)
        seed = mixed((uint64_t)spool_now()) ^ mixed((uint64_t)getpid() * GOLDEN);
    self->seed = seed;
    Py_RETURN_NONE;
}

static PyObject *method_use(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Py_INCREF(object);
    PyObject *earlier = (PyObject *)current;
    current = (Writer *)object;
    Py_XDECREF(earlier);
    Py_RETURN_NONE;
}

static int add_parts(Frames *frames, PyObject *parts) {
    PyObject *iterator = PyObject_GetIter(parts), *pair;
    if (!iterator) return -1;
    while ((pair = PyIter_Next(iterator))) {
        const char *name;
        PyObject *data;
        Py_ssize_t most = PY_SSIZE_T_MAX;
        if (PyArg_ParseTuple(pair, "sO|n", &name, &data, &most)) frame_part_of(frames, name, data, most);
        Py_DECREF(pair); /* the caller's sequence holds name and data */
    }
    Py_DECREF(iterator);
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *method_write(PyObject *object, PyObject *args) {
    Writer *self = (Writer *)object;
    const char *kind, *tail = "";
    long long time;
    PyObject *request_id, *parts = NULL;
    if (!PyArg_ParseTuple(args, "sLO|sO:write", &kind, &time, &request_id, &tail, &parts)) return NULL;
    Frames frames;
    frames_begin(&frames);
    frame_open(&frames, kind, time, request_id);
    text_string(&frames.text, tail);
    int outcome = parts && !(is_closing(kind) && is_capped(self)) ? add_parts(&frames, parts) : 0;
    if (outcome == 0) outcome = finish_frame(self, &frames);
    if (outcome > 0) outcome = append(self, &frames);
    frames_end(&frames);
    return outcome < 0 ? NULL : PyBool_FromLong(outcome);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    Writer *self = (Writer *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->lost);
    Py_VISIT(self->faults);
    return 0;
}

static int clear(PyObject *object) {
    Writer *self = (Writer *)object;
    Py_CLEAR(self->path);
    Py_CLEAR(self->off);
    Py_CLEAR(self->lost);
    Py_CLEAR(self->faults);
    Py_CLEAR(self->request_id);
    return 0;
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    clear(object);
    free_instance(object);
}

static PyObject *new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    Writer *self = (Writer *)PyType_GenericAlloc(type, 0);
    if (!self) return NULL;
    Py_INCREF(self->path = Py_None);
    Py_INCREF(self->off = Py_None);
    self->request_id = PyUnicode_FromString("");
    self->lost = PyDict_New();
    self->faults = PyDict_New();
    if (self->request_id && self->lost && self->faults) return (PyObject *)self;
    Py_DECREF((PyObject *)self);
    return NULL;
}

static PyMethodDef methods[] = {
    {"write", method_write, METH_VARARGS, "write(kind, time, request_id, tail='', parts=()) -> True when it is on disk; what is lost is counted by its reason"},
    {"renew", method_renew, METH_NOARGS, "renew(): a new seed for span ids"},
    {"use", method_use, METH_NOARGS, "use(): calls write through this writer from here on"},
    {NULL, NULL, 0, NULL},
};
#define OBJECT(name) {#name, T_OBJECT_EX, offsetof(Writer, name), 0, NULL}
#define NUMBER(name) {#name, T_LONGLONG, offsetof(Writer, name), 0, NULL}
static PyMemberDef members[] = {
    OBJECT(path),  OBJECT(off),   OBJECT(lost),      OBJECT(faults),   OBJECT(request_id),  NUMBER(start),        NUMBER(size),
    NUMBER(frames), NUMBER(bytes), NUMBER(frame_cap), NUMBER(byte_cap), NUMBER(segment_cap), {NULL, 0, 0, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, (void *)new},         {Py_tp_dealloc, (void *)dealloc}, {Py_tp_traverse, (void *)traverse}, {Py_tp_clear, (void *)clear},
    {Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members}, {0, NULL},
};
static PyType_Spec spec = {"_native.SegmentWriter", sizeof(Writer), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, slots};

int writer_register(PyObject *module) {
    PyTypeObject *type = type_from_spec(module, &spec, "SegmentWriter");
    Py_XDECREF((PyObject *)type);
    return type ? 0 : -1;
}
