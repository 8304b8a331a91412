#include "http.h"

#include <string.h>
#include <strings.h>

void http_begin(struct http_reader *reader, http_body_sink *sink, void *sink_context) {
    *reader = (struct http_reader){.state = HTTP_STATUS_LINE, .sink = sink, .sink_context = sink_context};
}

bool http_has_begun(const struct http_reader *reader) { return reader->state != HTTP_STATUS_LINE || reader->head_bytes > 0; }

static void broken(struct http_reader *reader) { reader->state = HTTP_BROKEN; }

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/* "HTTP/1.1 200 OK": the reason may be missing. HTTP/1.0 closes after each answer. */
static void take_status_line(struct http_reader *reader, const char *line) {
    if (strncmp(line, "HTTP/1.", 7) != 0 || !is_digit(line[7]) || line[8] != ' ' || line[9] < '1' || line[9] > '5' || !is_digit(line[10]) ||
        !is_digit(line[11]) || (line[12] != ' ' && line[12] != '\0')) {
        broken(reader);
        return;
    }
    reader->status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    reader->keep_alive = line[7] != '0';
    reader->chunked = reader->has_length = false;
    reader->identifier[0] = '\0';
    reader->state = HTTP_HEADERS;
}

/* Two lengths that differ are how requests are smuggled: such an answer is refused. */
static void take_content_length(struct http_reader *reader, const char *value) {
    uint64_t length = 0;
    size_t digits = 0;
    for (; is_digit(value[digits]) && digits < 12; digits++) {
        length = length * 10 + (uint64_t)(value[digits] - '0');
    }
    if (digits == 0 || value[digits] != '\0' || length > HTTP_BODY_BYTES || (reader->has_length && reader->content_length != length)) {
        broken(reader);
        return;
    }
    reader->has_length = true;
    reader->content_length = length;
}

/* It is sent back in a header, so it may hold nothing but visible ASCII. */
static void take_identifier(struct http_reader *reader, const char *value) {
    size_t length = strlen(value);
    if (length == 0 || length >= sizeof reader->identifier) {
        broken(reader);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] <= ' ' || value[i] > '~') {
            broken(reader);
            return;
        }
    }
    memcpy(reader->identifier, value, length + 1);
}

/* The value of the header in `line` if it is the one called `name`, without white space around it; else NULL. */
static char *value_of(char *line, const char *name) {
    size_t length = strlen(name);
    if (strncasecmp(line, name, length) != 0 || line[length] != ':') {
        return NULL;
    }
    char *value = line + length + 1;
    value += strspn(value, " \t");
    size_t end = strlen(value);
    while (end > 0 && (value[end - 1] == ' ' || value[end - 1] == '\t')) {
        value[--end] = '\0';
    }
    return value;
}

static void take_header(struct http_reader *reader, char *line) {
    char *value;
    if ((value = value_of(line, "Content-Length")) != NULL) {
        take_content_length(reader, value);
    } else if ((value = value_of(line, "Transfer-Encoding")) != NULL) {
        reader->chunked = strcasecmp(value, "chunked") == 0;
        if (!reader->chunked) {
            broken(reader);
        }
    } else if ((value = value_of(line, "Connection")) != NULL) {
        if (strcasecmp(value, "close") == 0) {
            reader->keep_alive = false;
        }
    } else if ((value = value_of(line, "Lambda-Extension-Identifier")) != NULL) {
        take_identifier(reader, value);
    }
}

static void end_head(struct http_reader *reader) {
    if (reader->status < 200) {
        reader->state = HTTP_STATUS_LINE;
    } else if (reader->status == 204 || reader->status == 304) {
        reader->state = HTTP_DONE;
    } else if (reader->chunked) {
        reader->state = HTTP_CHUNK_SIZE;
    } else if (reader->has_length) {
        reader->remaining = reader->content_length;
        reader->state = reader->remaining > 0 ? HTTP_FIXED_BODY : HTTP_DONE;
    } else {
        reader->keep_alive = false;
        reader->state = HTTP_BODY_TO_THE_END;
    }
}

static int hex_digit(char byte) {
    if (is_digit(byte)) {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Hexadecimal, then perhaps extensions after ';', which nobody sends and which mean nothing here. */
static void take_chunk_size(struct http_reader *reader, const char *line) {
    uint64_t size = 0;
    size_t digits = 0;
    for (; hex_digit(line[digits]) >= 0 && digits < 8; digits++) {
        size = size * 16 + (uint64_t)hex_digit(line[digits]);
    }
    const char *rest = line + digits + strspn(line + digits, " \t");
    if (digits == 0 || (*rest != '\0' && *rest != ';') || size > HTTP_BODY_BYTES) {
        broken(reader);
        return;
    }
    reader->remaining = size;
    reader->state = size > 0 ? HTTP_CHUNK : HTTP_TRAILERS;
    reader->head_bytes = 0;
}

static void take_line(struct http_reader *reader) {
    char *line = reader->line;
    switch (reader->state) {
    case HTTP_STATUS_LINE:
        take_status_line(reader, line);
        break;
    case HTTP_HEADERS:
        if (line[0] == '\0') {
            end_head(reader);
        } else {
            take_header(reader, line);
        }
        break;
    case HTTP_CHUNK_SIZE:
        take_chunk_size(reader, line);
        break;
    case HTTP_CHUNK_END:
        reader->state = line[0] == '\0' ? HTTP_CHUNK_SIZE : HTTP_BROKEN;
        break;
    case HTTP_TRAILERS:
        if (line[0] == '\0') {
            reader->state = HTTP_DONE;
        }
        break;
    default:
        broken(reader);
    }
}

/* A line that does not fit is cut; one that matters here always fits. NUL in a line ends it early, which no header of ours survives. */
static void feed_line(struct http_reader *reader, char byte) {
    if (++reader->head_bytes > HTTP_HEAD_BYTES) {
        broken(reader);
        return;
    }
    if (byte != '\n') {
        if (reader->line_length < sizeof reader->line - 1) {
            reader->line[reader->line_length++] = byte;
        }
        return;
    }
    if (reader->line_length > 0 && reader->line[reader->line_length - 1] == '\r') {
        reader->line_length--;
    }
    reader->line[reader->line_length] = '\0';
    reader->line_length = 0;
    take_line(reader);
}

static size_t feed_body(struct http_reader *reader, const char *bytes, size_t length) {
    bool to_the_end = reader->state == HTTP_BODY_TO_THE_END;
    size_t piece = !to_the_end && reader->remaining < length ? (size_t)reader->remaining : length;
    reader->body_bytes += piece;
    if (reader->body_bytes > HTTP_BODY_BYTES) {
        broken(reader);
        return length;
    }
    reader->sink(reader->sink_context, bytes, piece);
    if (!to_the_end) {
        reader->remaining -= piece;
        if (reader->remaining == 0) {
            reader->state = reader->state == HTTP_CHUNK ? HTTP_CHUNK_END : HTTP_DONE;
        }
    }
    return piece;
}

enum http_progress http_feed(struct http_reader *reader, const char *bytes, size_t length, size_t *used) {
    size_t at = 0;
    while (at < length && reader->state != HTTP_DONE && reader->state != HTTP_BROKEN) {
        if (reader->state == HTTP_FIXED_BODY || reader->state == HTTP_CHUNK || reader->state == HTTP_BODY_TO_THE_END) {
            at += feed_body(reader, bytes + at, length - at);
        } else {
            feed_line(reader, bytes[at++]);
        }
    }
    *used = at;
    return reader->state == HTTP_DONE ? HTTP_COMPLETE : reader->state == HTTP_BROKEN ? HTTP_BAD : HTTP_MORE;
}

enum http_progress http_end(struct http_reader *reader) {
    if (reader->state == HTTP_BODY_TO_THE_END) {
        reader->state = HTTP_DONE;
    }
    return reader->state == HTTP_DONE ? HTTP_COMPLETE : HTTP_BAD;
}
