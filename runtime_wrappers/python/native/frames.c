/* A frame on its way to the segment: its header is composed here, parts are borrowed where they lie (SPOOL_FORMAT, "A frame"). */
#include "native.h"

#include <stdlib.h>
#include <string.h>

#define MOST_HEADER 65536
#define LENGTHS 8

void frame_begin(Frame *frame, const char *kind, long long time, PyObject *request_id) {
    frame->kind = kind;
    frame->payload = 0;
    frame->parts = 0;
    Text *text = &frame->text;
    text_begin(text);
    text_put(text, "\0\0\0\0\0\0\0", LENGTHS);
    text_string(text, "{\"kind\":\"");
    text_string(text, kind);
    text_string(text, "\",\"time\":");
    text_number(text, time);
    if (request_id && PyUnicode_Check(request_id) && PyUnicode_GetLength(request_id) > 0) text_field(text, "request_id", request_id, PY_SSIZE_T_MAX);
}

void frame_end(Frame *frame) {
    text_end(&frame->text);
    for (int i = 0; i < frame->parts; i++) {
        Py_XDECREF(frame->part[i].owner);
        free(frame->part[i].taken);
    }
}

void frame_part(Frame *frame, Part part) {
    if (part.size == 0 || frame->parts == MOST_PARTS) {
        Py_XDECREF(part.owner);
        free(part.taken);
        return;
    }
    frame->part[frame->parts++] = part;
    frame->payload += part.size;
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

void frame_part_of(Frame *frame, const char *name, PyObject *data, Py_ssize_t most) {
    Py_ssize_t size;
    const char *bytes = bytes_of(data, &size);
    if (!bytes) return;
    Py_INCREF(data);
    frame_part(frame, (Part){name, data, NULL, bytes, (size_t)(size < most ? size : most)});
}

static void put_length(char *at, size_t length) {
    for (int i = 0; i < 4; i++) at[i] = (char)(length >> (8 * i) & 0xff);
}

bool frame_close(Frame *frame) {
    Text *text = &frame->text;
    for (int i = 0; i < frame->parts; i++) {
        text_string(text, i == 0 ? ",\"parts\":[[\"" : ",[\"");
        text_string(text, frame->part[i].name);
        text_string(text, "\",");
        text_number(text, (long long)frame->part[i].size);
        text_string(text, "]");
    }
    text_string(text, frame->parts ? "]}" : "}");
    if (text->failed || text->size - LENGTHS > MOST_HEADER) return false;
    put_length(text->data, text->size - LENGTHS);
    put_length(text->data + 4, frame->payload);
    return true;
}

size_t frame_largest(const Frame *frame) {
    size_t largest = 0;
    for (int i = 0; i < frame->parts; i++)
        if (frame->part[i].size > largest) largest = frame->part[i].size;
    return largest;
}

void frame_put(const Frame *frame, Pen *pen) {
    pen_put(pen, frame->text.data, frame->text.size);
    for (int i = 0; i < frame->parts; i++) pen_put(pen, frame->part[i].data, frame->part[i].size);
    pen_align(pen);
}
