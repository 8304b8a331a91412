/* Frames on their way to the segment: headers are composed here, parts are borrowed where they lie (SPOOL_FORMAT, "A frame"). */
#include "native.h"

#include <stdlib.h>
#include <string.h>

#define MOST_HEADER 65536

void frames_begin(Frames *frames) {
    text_begin(&frames->text);
    frames->count = frames->parts = 0;
}

void frames_end(Frames *frames) {
    text_end(&frames->text);
    for (int i = 0; i < frames->parts; i++) {
        Py_XDECREF(frames->part[i].owner);
        free(frames->part[i].taken);
    }
}

void frame_open(Frames *frames, const char *kind, long long time, PyObject *request_id) {
    Frame *frame = &frames->frame[frames->count];
    *frame = (Frame){kind, frames->text.size, 0, 0, frames->parts, 0};
    text_put(&frames->text, "\0\0\0\0\0\0\0", 8);
    text_string(&frames->text, "{\"kind\":\"");
    text_string(&frames->text, kind);
    text_string(&frames->text, "\",\"time\":");
    text_number(&frames->text, time);
    if (request_id && PyUnicode_Check(request_id) && PyUnicode_GetLength(request_id) > 0) {
        text_string(&frames->text, ",\"request_id\":");
        text_quoted(&frames->text, request_id, PY_SSIZE_T_MAX);
    }
}

void frame_part(Frames *frames, Part part) {
    if (part.size == 0 || frames->parts == MOST_PARTS) {
        Py_XDECREF(part.owner);
        free(part.taken);
        return;
    }
    frames->part[frames->parts++] = part;
}

/* Where the bytes of `data` lie: bytes, or a str that is ASCII and so has its UTF-8 in itself. */
static const char *bytes_of(PyObject *data, Py_ssize_t *size) {
    char *bytes;
    if (!PyUnicode_Check(data)) return PyBytes_AsStringAndSize(data, &bytes, size) < 0 ? NULL : bytes;
    const char *text = PyUnicode_AsUTF8AndSize(data, size);
    if (!text || *size == PyUnicode_GetLength(data)) return text;
    PyErr_SetString(PyExc_TypeError, "a part is bytes, or a str of ASCII alone");
    return NULL;
}

void frame_part_of(Frames *frames, const char *name, PyObject *data, Py_ssize_t most) {
    Py_ssize_t size;
    const char *bytes = bytes_of(data, &size);
    if (!bytes) return;
    Py_INCREF(data);
    frame_part(frames, (Part){name, data, NULL, bytes, (size_t)(size < most ? size : most)});
}

size_t frame_drop(Frames *frames) {
    Frame *frame = &frames->frame[frames->count];
    size_t payload = 0;
    for (int i = frame->first_part; i < frames->parts; i++) payload += frames->part[i].size;
    frames->text.size = frame->text;
    return payload;
}

static void put_parts(Frames *frames, Frame *frame) {
    for (int i = frame->first_part; i < frames->parts; i++) {
        text_string(&frames->text, i == frame->first_part ? ",\"parts\":[[\"" : ",[\"");
        text_string(&frames->text, frames->part[i].name);
        text_string(&frames->text, "\",");
        text_number(&frames->text, (long long)frames->part[i].size);
        text_string(&frames->text, "]");
        frame->payload += frames->part[i].size;
    }
    if (frame->payload) text_string(&frames->text, "]");
}

static void put_length(char *at, size_t length) {
    for (int i = 0; i < 4; i++) at[i] = (char)(length >> (8 * i) & 0xff);
}

bool frame_close(Frames *frames) {
    Frame *frame = &frames->frame[frames->count];
    put_parts(frames, frame);
    text_string(&frames->text, "}");
    size_t header = frames->text.size - frame->text - 8;
    if (frames->text.failed || header > MOST_HEADER) {
        frame_drop(frames);
        return false;
    }
    put_length(frames->text.data + frame->text, header);
    put_length(frames->text.data + frame->text + 4, frame->payload);
    frame->text_size = header + 8;
    frame->parts = frames->parts - frame->first_part;
    frames->count++;
    return true;
}

size_t frames_room(const Frames *frames) {
    size_t room = 0;
    for (int i = 0; i < frames->count; i++) room += aligned(frames->frame[i].text_size + frames->frame[i].payload);
    return room;
}

size_t frames_largest(const Frames *frames) {
    size_t largest = 0;
    for (int i = 0; i < frames->parts; i++)
        if (frames->part[i].size > largest) largest = frames->part[i].size;
    return largest;
}

void frames_put(const Frames *frames, Pen *pen) {
    for (int i = 0; i < frames->count; i++) {
        const Frame *frame = &frames->frame[i];
        pen_put(pen, frames->text.data + frame->text, frame->text_size);
        for (int j = 0; j < frame->parts; j++) pen_put(pen, frames->part[frame->first_part + j].data, frames->part[frame->first_part + j].size);
        pen_align(pen);
    }
}
