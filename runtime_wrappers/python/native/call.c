/* What happens to a call, and the frames that tell it. The type is in call_type.c. */
#include "native.h"

/* A URL may be as long as a client likes; escaped, it must leave room in the header. */
#define URL_CHARACTERS 8192

const char STAGE_CONNECT[] = "connect", STAGE_DNS[] = "dns", STAGE_PROXY[] = "proxy", STAGE_QUEUE[] = "queue", STAGE_REQUEST[] = "request",
           STAGE_RESPONSE_BODY[] = "response_body", STAGE_RESPONSE_HEAD[] = "response_head", STAGE_TLS[] = "tls";

static PyObject *describe; /* of calls.py: an error as fields of a header */

void call_describe_with(PyObject *function) {
    Py_INCREF(function);
    set_reference(&describe, function);
}

/* ---- frames ---- */

static void put_id(Call *self, Frames *frames) {
    text_string(&frames->text, ",\"span_id\":\"");
    text_hex(&frames->text, self->span_id);
    text_string(&frames->text, "\"");
}

static void put_target(Call *self, Frames *frames) {
    text_field(&frames->text, "method", self->method, URL_CHARACTERS);
    text_field(&frames->text, "url", self->url, URL_CHARACTERS);
}

static void put_stage(const char *stage, Frames *frames) {
    text_string(&frames->text, ",\"stage\":\"");
    text_string(&frames->text, stage);
    text_string(&frames->text, "\"");
}

static void put_size(Frames *frames, const char *name, long long size) {
    if (size == SIZE_UNKNOWN) return;
    text_string(&frames->text, ",\"");
    text_string(&frames->text, name);
    text_string(&frames->text, "\":");
    text_number(&frames->text, size);
}

static void put_sizes(Call *self, Frames *frames) {
    put_size(frames, "request_size", self->request_size);
    put_size(frames, "response_size", self->response_size);
    if (self->decoded) text_string(&frames->text, ",\"decoded\":true");
}

static void add_capture(Frames *frames, const char *name, PyObject *capture) {
    if (!capture_check(capture)) return;
    Py_ssize_t size;
    char *taken = capture_take(capture, &size);
    frame_part(frames, (Part){name, NULL, taken, taken, (size_t)size});
}

static void add_heads(Frames *frames, PyObject *heads) {
    Py_ssize_t count = heads ? PyTuple_Size(heads) : 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        const char *name;
        PyObject *data;
        if (PyArg_ParseTuple(PyTuple_GetItem(heads, i), "sO", &name, &data)) frame_part_of(frames, name, data, PY_SSIZE_T_MAX);
    }
}

/* What was not yet sent. */
static void add_parts(Call *self, Frames *frames, PyObject *heads) {
    if (!self->bodies || !writer_takes_parts()) return;
    add_heads(frames, heads);
    add_capture(frames, self->request_part, self->request);
    add_capture(frames, self->response_part, self->response);
}

/* What the call asks for must be on disk before it waits for an answer: of one that hangs nothing else is known. */
static void add_request(Call *self, Frames *frames, const char *stage) {
    if (stage == STAGE_RESPONSE_HEAD && self->bodies && writer_takes_parts()) add_capture(frames, self->request_part, self->request);
}

/* Ends the frames: -1 with an exception set, which may also have come up while they were composed. */
static int write_and_end(Frames *frames) {
    int outcome = PyErr_Occurred() ? -1 : writer_write(frames);
    frames_end(frames);
    return outcome < 0 ? -1 : 0;
}

/* ---- what happens to a call ---- */

static int start(Call *self, const char *stage) {
    Frames frames;
    self->written = true;
    frames_begin(&frames);
    frame_open(&frames, "call_start", self->time, self->request_id);
    put_id(self, &frames);
    text_field(&frames.text, "library", self->library, URL_CHARACTERS);
    put_target(self, &frames);
    put_stage(stage, &frames);
    if (PyUnicode_Check(self->proxy) && PyUnicode_GetLength(self->proxy)) text_field(&frames.text, "proxy", self->proxy, URL_CHARACTERS);
    if (!self->bodies) text_string(&frames.text, ",\"bodies\":\"excluded\"");
    add_request(self, &frames, stage);
    writer_finish_frame(&frames);
    return write_and_end(&frames);
}

int call_stage(Call *self, const char *stage) {
    if (stage == self->stage || self->ended) return 0;
    self->stage = stage;
    if (!self->written) return start(self, stage);
    Frames frames;
    frames_begin(&frames);
    frame_open(&frames, "call_stage", spool_now(), self->request_id);
    put_id(self, &frames);
    put_stage(stage, &frames);
    if (self->moved) {
        self->moved = false;
        put_target(self, &frames);
    }
    add_request(self, &frames, stage);
    writer_finish_frame(&frames);
    return write_and_end(&frames);
}

void call_target(Call *self, PyObject *method, PyObject *url) {
    Py_INCREF(method);
    set_reference(&self->method, method);
    Py_INCREF(url);
    set_reference(&self->url, url);
    self->moved = self->written;
}

static void add_response(Call *self, Frames *frames, int status, PyObject *heads) {
    frame_open(frames, "call_response", spool_now(), self->request_id);
    put_id(self, frames);
    text_string(&frames->text, ",\"status\":");
    text_number(&frames->text, status);
    add_parts(self, frames, heads);
    writer_finish_frame(frames);
}

static int respond(Call *self, int status, PyObject *heads, bool whole) {
    if (self->ended || self->has_response) return 0;
    if ((!self->written || self->moved) && call_stage(self, STAGE_RESPONSE_HEAD) < 0) return -1;
    self->has_response = true;
    self->stage = STAGE_RESPONSE_BODY;
    Frames frames;
    frames_begin(&frames);
    add_response(self, &frames, status, heads);
    if (whole) {
        self->ended = true;
        frame_open(&frames, "call_end", spool_now(), self->request_id);
        put_id(self, &frames);
        put_sizes(self, &frames);
        writer_finish_frame(&frames);
    }
    return write_and_end(&frames);
}

int call_responded(Call *self, int status, PyObject *heads) { return respond(self, status, heads, false); }
int call_responded_whole(Call *self, int status, PyObject *heads) { return respond(self, status, heads, true); }

static int put_failure(Call *self, Frames *frames, PyObject *error) {
    PyObject *fields = describe ? PyObject_CallFunctionObjArgs(describe, error, NULL) : NULL;
    PyObject *text = fields ? PyUnicode_AsUTF8String(fields) : NULL;
    if (text) text_string(&frames->text, PyBytes_AsString(text));
    Py_XDECREF(text);
    Py_XDECREF(fields);
    if (self->stage) put_stage(self->stage, frames);
    return text ? 0 : -1;
}

int call_end(Call *self, PyObject *error, bool complete, PyObject *heads) {
    if (self->ended) return 0;
    if (error == Py_None || !error) error = self->error;
    if (self->process != writer_start()) { /* a forked child that inherited it says nothing: it is its parent's */
        self->ended = true;
        return 0;
    }
    if (!self->written && call_stage(self, STAGE_REQUEST) < 0) return -1;
    self->ended = true;
    bool failed = error && error != Py_None;
    Frames frames;
    frames_begin(&frames);
    frame_open(&frames, "call_end", spool_now(), self->request_id);
    put_id(self, &frames);
    put_sizes(self, &frames);
    if (failed) {
        Py_INCREF(error);
        put_failure(self, &frames, error);
        Py_DECREF(error);
    }
    if (failed || !complete) text_string(&frames.text, ",\"complete\":false");
    add_parts(self, &frames, heads);
    writer_finish_frame(&frames);
    return write_and_end(&frames);
}

int call_body_failed(Call *self, PyObject *error) { return self->has_response ? call_end(self, error, false, NULL) : 0; }
