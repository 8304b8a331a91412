#include "event.h"

#include <string.h>

void event_begin(struct event_scanner *scanner) { *scanner = (struct event_scanner){.deadline_ms = -1}; }

/* What does not fit is marked by a length past the end, so that a long string never passes for its beginning. */
static void collect(struct event_scanner *scanner, char byte) {
    if (scanner->text_length < sizeof scanner->text) {
        scanner->text[scanner->text_length] = byte;
        scanner->text_length++;
    }
}

static bool text_is(const struct event_scanner *scanner, const char *word) {
    return scanner->text_length == strlen(word) && memcmp(scanner->text, word, scanner->text_length) == 0;
}

static void take_key(struct event_scanner *scanner) {
    scanner->key = text_is(scanner, "eventType") ? EVENT_TYPE_KEY : text_is(scanner, "deadlineMs") ? EVENT_DEADLINE_KEY : EVENT_OTHER_KEY;
}

static void take_string_value(struct event_scanner *scanner) {
    if (scanner->key != EVENT_TYPE_KEY) {
        return;
    }
    size_t length = scanner->text_length < sizeof scanner->type ? scanner->text_length : 0;
    memcpy(scanner->type, scanner->text, length);
    scanner->type[length] = '\0';
}

/* Fifteen digits reach the year 33658 and cannot overflow. */
static void take_number(struct event_scanner *scanner) {
    int64_t number = 0;
    if (scanner->key != EVENT_DEADLINE_KEY || scanner->text_length == 0 || scanner->text_length > 15) {
        return;
    }
    for (size_t i = 0; i < scanner->text_length; i++) {
        if (scanner->text[i] < '0' || scanner->text[i] > '9') {
            return;
        }
        number = number * 10 + (scanner->text[i] - '0');
    }
    scanner->deadline_ms = number;
}

static void end_string(struct event_scanner *scanner) {
    scanner->in_string = false;
    if (scanner->depth != 1) {
        return;
    }
    if (scanner->in_value) {
        take_string_value(scanner);
    } else {
        take_key(scanner);
    }
    scanner->text_length = 0;
}

static void in_string(struct event_scanner *scanner, char byte) {
    if (!scanner->escaped && byte == '"') {
        end_string(scanner);
        return;
    }
    scanner->escaped = !scanner->escaped && byte == '\\';
    if (scanner->depth == 1) {
        collect(scanner, byte);
    }
}

static void end_value(struct event_scanner *scanner) {
    if (scanner->depth == 1 && scanner->in_value) {
        take_number(scanner);
        scanner->in_value = false;
        scanner->key = EVENT_NO_KEY;
        scanner->text_length = 0;
    }
}

static void outside_strings(struct event_scanner *scanner, char byte) {
    switch (byte) {
    case '"':
        scanner->in_string = true;
        scanner->escaped = false;
        if (scanner->depth == 1) {
            scanner->text_length = 0;
        }
        break;
    case ':':
        scanner->in_value = scanner->in_value || scanner->depth == 1;
        break;
    case ',':
        end_value(scanner);
        break;
    case '{':
    case '[':
        scanner->depth++;
        break;
    case '}':
    case ']':
        end_value(scanner);
        if (scanner->depth > 0) {
            scanner->depth--;
            scanner->whole = scanner->depth == 0;
        }
        break;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        break;
    default:
        if (scanner->depth == 1) {
            collect(scanner, byte);
        }
    }
}

void event_feed(struct event_scanner *scanner, const char *bytes, size_t length) {
    for (size_t i = 0; i < length && !scanner->whole; i++) {
        scanner->size++;
        if (scanner->in_string) {
            in_string(scanner, bytes[i]);
        } else {
            outside_strings(scanner, bytes[i]);
        }
    }
}
