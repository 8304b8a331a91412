/* _native.SegmentWriter: the base of spool.Writer. What every frame passes through is here; whatever is rare is left to Python methods of the subclass:
 *
 *     _make_process_frame() -> bytes       where process_frame is None
 *     _take_drops() -> (bytes, ...)        one frame, and what _give_back(...) takes when it could not be written
 *     _failed(error, frames, size)         a positive errno, or one of native.h's SPOOL_*
 *     _lose(reason, size)
 *     forked()                             in a child, before its first frame
 *
 *     write(kind, time, request_id, tail="", parts=()) -> bool     one frame; `tail` is JSON text, `parts` a sequence of (name, bytes or ASCII str[, most bytes])
 *     tell_drops() -> bool                                         the drops alone, if there are any
 *     begin_process(folder), begin_invocation(), ring()            SPOOL_FORMAT's "To begin", "When an invocation begins", "When an invocation has ended"
 *     give_up()                                                    the segment: the next frame begins another one
 *     renew()                                                      draw a new seed for span ids: a fork or a restored snapshot would repeat them
 *     use()                                                        the frames of calls go to this writer from here on
 */
#include "native.h"

#include <string.h>
#include <structmember.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GOLDEN 0x9e3779b97f4a7c15ULL

typedef struct {
    OBJECT_HEAD
    PyObject *off;           /* None, or why nothing is written until the next invocation */
    PyObject *process_frame; /* bytes, or None */
    PyObject *lost, *faults, *request_id;
    long long frames, bytes, failures, frame_cap, byte_cap;
    uint64_t seed;
    Segment segment;
} Writer;

static Kind kind;
static Writer *current; /* owned */

/* Written whatever the invocation's caps say, though without parts. */
static bool is_closing(const char *kind) { return strcmp(kind, "call_end") == 0 || strcmp(kind, "invocation_end") == 0; }

static bool carries_drops(const char *kind) { return is_closing(kind) || strcmp(kind, "invocation_start") == 0; }

static bool has_drops(Writer *self) { return PyDict_Size(self->lost) > 0 || PyDict_Size(self->faults) > 0; }

static bool is_capped(Writer *self) { return self->frames >= self->frame_cap || self->bytes >= self->byte_cap; }

/* ---- append ---- */

/* 0 or -1 with an exception set; `object` may be NULL. */
static int blob_of(PyObject *object, Blob *blob) {
    char *data;
    Py_ssize_t size;
    *blob = (Blob){NULL, 0};
    if (!object) return 0;
    if (PyBytes_AsStringAndSize(object, &data, &size) < 0) return -1;
    *blob = (Blob){data, (size_t)size};
    return 0;
}

static size_t bytes_of(const Frame *frame) { return frame ? frame->text.size + frame->payload : 0; }

/* What segment_write says, or an exception is set. */
static int append_with(Writer *self, const Frame *frame, PyObject *drops) {
    Blob process_blob, drops_blob;
    int outcome = SPOOL_SHORT;
    PyObject *process = NULL;
    if (self->process_frame == Py_None)
        process = PyObject_CallMethod((PyObject *)self, "_make_process_frame", NULL);
    else
        keep(&process, self->process_frame);
    if (process && blob_of(process, &process_blob) == 0 && blob_of(drops ? PyTuple_GetItem(drops, 0) : NULL, &drops_blob) == 0)
        outcome = segment_write(&self->segment, process_blob, drops_blob, frame);
    Py_XDECREF(process);
    return outcome;
}

/* 0, or -1 with an exception set. The counters of the drops go back first, whatever exception is set. */
static int fail(Writer *self, int outcome, const Frame *frame, PyObject *drops) {
    Raised raised = raised_take();
    int given = drops ? truth_of(PyObject_CallMethod((PyObject *)self, "_give_back", "(O)", drops)) : 0;
    if (raised.type) {
        PyErr_Clear();
        raised_again(raised);
    }
    if (raised.type || given < 0) return -1;
    return truth_of(PyObject_CallMethod((PyObject *)self, "_failed", "iin", outcome, frame != NULL, (Py_ssize_t)bytes_of(frame)));
}

static int lose(Writer *self, const char *reason, size_t size) {
    return truth_of(PyObject_CallMethod((PyObject *)self, "_lose", "sn", reason, (Py_ssize_t)size));
}

/* 1, 0 (lost, and counted), or -1 with an exception set. `frame` may be NULL. */
static int append(Writer *self, const Frame *frame, bool with_drops) {
    self->frames += frame != NULL;
    self->bytes += (long long)bytes_of(frame);
    if (!segment_is_ours(&self->segment) && truth_of(PyObject_CallMethod((PyObject *)self, "forked", NULL)) < 0) return -1;
    if (self->off != Py_None)
        return frame ? truth_of(PyObject_CallMethod((PyObject *)self, "_lose", "On", self->off, (Py_ssize_t)bytes_of(frame))) : 0;
    PyObject *drops = NULL;
    if (with_drops && has_drops(self) && !(drops = PyObject_CallMethod((PyObject *)self, "_take_drops", NULL))) return -1;
    int outcome = append_with(self, frame, drops), written = outcome == 0 && !PyErr_Occurred();
    if (written)
        self->failures = 0;
    else
        written = fail(self, outcome, frame, drops);
    Py_XDECREF(drops);
    /* The frame is written, or counted as what it was: it is the next ones that do not wait. */
    if (written >= 0 && segment_was_slow(&self->segment)) keep(&self->off, str_slow);
    return written;
}

static int write_frame(Writer *self, Frame *frame) {
    if (is_capped(self) && !is_closing(frame->kind)) return lose(self, "invocation_cap", frame->payload);
    return frame_close(frame) ? append(self, frame, carries_drops(frame->kind)) : lose(self, "header_too_long", 0);
}

/* ---- for the other files ---- */

bool writer_takes_parts(void) { return current && !is_capped(current); }
PyObject *writer_request_id(void) { return current ? current->request_id : NULL; }
long long writer_start(void) { return current ? current->segment.start : 0; }
int writer_write(Frame *frame) { return current ? write_frame(current, frame) : 0; }

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
    keep((PyObject **)&current, object);
    Py_RETURN_NONE;
}

static int add_parts(Frame *frame, PyObject *parts) {
    PyObject *iterator = PyObject_GetIter(parts), *pair;
    if (!iterator) return -1;
    while ((pair = PyIter_Next(iterator))) {
        const char *name;
        PyObject *data;
        Py_ssize_t most = PY_SSIZE_T_MAX;
        if (PyArg_ParseTuple(pair, "sO|n", &name, &data, &most)) frame_part_of(frame, name, data, most);
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
    Frame frame;
    frame_begin(&frame, kind, time, request_id);
    text_string(&frame.text, tail);
    int outcome = parts && !(is_closing(kind) && is_capped(self)) ? add_parts(&frame, parts) : 0;
    if (outcome == 0) outcome = write_frame(self, &frame);
    frame_end(&frame);
    return outcome < 0 ? NULL : PyBool_FromLong(outcome);
}

static PyObject *method_tell_drops(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    int outcome = has_drops((Writer *)object) ? append((Writer *)object, NULL, true) : 1;
    return outcome < 0 ? NULL : PyBool_FromLong(outcome);
}

static PyObject *method_begin_process(PyObject *object, PyObject *args) {
    Writer *self = (Writer *)object;
    const char *folder;
    if (!PyArg_ParseTuple(args, "y:begin_process", &folder)) return NULL;
    /* A longer path than we have room for is no folder of ours: that is "off". */
    strcpy(self->segment.folder, strlen(folder) < MOST_PATH ? folder : "/dev/null");
    segment_begin_process(&self->segment);
    return method_renew(object, NULL);
}

static PyObject *method_begin_invocation(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Writer *self = (Writer *)object;
    self->frames = self->bytes = self->failures = 0;
    keep(&self->off, Py_None);
    segment_begin_invocation(&self->segment);
    Py_RETURN_NONE;
}

static PyObject *method_ring(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    segment_ring(&((Writer *)object)->segment);
    Py_RETURN_NONE;
}

static PyObject *method_give_up(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    segment_give_up(&((Writer *)object)->segment);
    Py_RETURN_NONE;
}

static void drop(PyObject *object, bool last) {
    if (last) segment_give_up(&((Writer *)object)->segment);
}

static PyObject *make(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    Writer *self = (Writer *)object_of_type(&kind, type);
    if (!self) return NULL;
    keep(&self->off, Py_None);
    keep(&self->process_frame, Py_None);
    self->request_id = PyUnicode_FromString("");
    self->lost = PyDict_New();
    self->faults = PyDict_New();
    if (!self->request_id || !self->lost || !self->faults) Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"write", method_write, METH_VARARGS,
     "write(kind, time, request_id, tail='', parts=()) -> True when it is on disk; what is lost is counted by its reason"},
    {"tell_drops", method_tell_drops, METH_NOARGS, "tell_drops() -> False if they could not be written"},
    {"begin_process", method_begin_process, METH_VARARGS, "begin_process(folder: bytes): segments of this process's own"},
    {"begin_invocation", method_begin_invocation, METH_NOARGS, "begin_invocation(): caps begin anew, and a folder that was gone is looked for again"},
    {"ring", method_ring, METH_NOARGS, "ring(): the invocation has ended"},
    {"give_up", method_give_up, METH_NOARGS, "give_up(): the next frame begins another segment"},
    {"renew", method_renew, METH_NOARGS, "renew(): a new seed for span ids"},
    {"use", method_use, METH_NOARGS, "use(): calls write through this writer from here on"},
    {NULL, NULL, 0, NULL},
};
#define OBJECT(name) {#name, T_OBJECT_EX, offsetof(Writer, name), 0, NULL}
#define NUMBER(name) {#name, T_LONGLONG, offsetof(Writer, name), 0, NULL}
static PyMemberDef members[] = {
    OBJECT(off),
    OBJECT(process_frame),
    OBJECT(lost),
    OBJECT(faults),
    OBJECT(request_id),
    NUMBER(frames),
    NUMBER(bytes),
    NUMBER(failures),
    NUMBER(frame_cap),
    NUMBER(byte_cap),
    {"pid", T_LONG, offsetof(Writer, segment.pid), READONLY, NULL},
    {"start", T_LONGLONG, offsetof(Writer, segment.start), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static const PyType_Slot slots[] = {{Py_tp_methods, (void *)methods}, {Py_tp_members, (void *)members}, {0, NULL}};
static Kind kind = {
    .name = "_native.SegmentWriter",
    .size = sizeof(Writer),
    .held = 5,
    .make = make,
    .end = drop,
    .flags = Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

int writer_register(PyObject *module) { return kind_register(module, &kind); }
