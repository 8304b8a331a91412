/* What must hold for any bytes that the Extensions API could send: no crash, no read or write out of bounds, the same outcome however the
 * bytes are split, and limits that are kept. A libFuzzer target (`make -C launcher libfuzzer`, with clang); fuzz_mutations.c drives it
 * without clang. The first byte draws the splits, the others are the answer. */
#include "event.h"
#include "fuzz_target.h"
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fuzz_words[] = {
    "\r\n",
    "\r\n\r\n",
    "\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.0 403 \r\n",
    "Content-Length: 16777216\r\n",
    "Content-Length: 0\r\n",
    "Content-Length: 18446744073709551617\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Lambda-Extension-Identifier: a\r\n",
    "ffffffff\r\n",
    "1000000\r\n",
    "0\r\n\r\n",
    ";",
    "{\"eventType\":\"INVOKE\",\"deadlineMs\":1}",
    "\"deadlineMs\":999999999999999",
    "\"eventType\":\"",
    "\\",
    "\"",
    "{",
    "[",
    "}",
    "]",
};
const size_t fuzz_word_count = sizeof fuzz_words / sizeof fuzz_words[0];

struct outcome {
    enum http_progress progress, at_end;
    size_t used;
    int status;
    bool keep_alive;
    char identifier[128];
    uint64_t body_bytes, body_hash;
    char type[EVENT_TYPE_BYTES];
    int64_t deadline_ms;
    bool whole;
    uint64_t size;
};

struct sink {
    struct event_scanner event;
    uint64_t bytes, hash;
};

static void take(void *context, const char *bytes, size_t length) {
    struct sink *sink = context;
    sink->bytes += length;
    for (size_t i = 0; i < length; i++) {
        sink->hash = (sink->hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    }
    event_feed(&sink->event, bytes, length);
}

/* xorshift32; a state of 0 stays 0 and stands for "all at once". */
static size_t next_piece(uint32_t *state, size_t left) {
    if (*state == 0) {
        return left;
    }
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    size_t piece = *state % 23 + 1;
    return piece < left ? piece : left;
}

/* Each piece is a copy of its own length, so that a read past its end is seen by the sanitizer. */
static enum http_progress feed_copy(struct http_reader *reader, const uint8_t *data, size_t length, size_t *used) {
    char *copy = malloc(length);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, length);
    enum http_progress progress = http_feed(reader, copy, length, used);
    free(copy);
    return progress;
}

static struct outcome read_all(const uint8_t *data, size_t size, uint32_t splits) {
    struct http_reader reader;
    struct sink sink = {.bytes = 0};
    struct outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    event_begin(&sink.event);
    http_begin(&reader, take, &sink);
    outcome.progress = HTTP_MORE;
    while (outcome.used < size && outcome.progress == HTTP_MORE) {
        size_t piece = next_piece(&splits, size - outcome.used), used = 0;
        outcome.progress = feed_copy(&reader, data + outcome.used, piece, &used);
        if (used > piece || (outcome.progress == HTTP_MORE && used != piece)) {
            abort();
        }
        outcome.used += used;
    }
    outcome.at_end = http_end(&reader);
    outcome.status = reader.status;
    outcome.keep_alive = reader.keep_alive;
    memcpy(outcome.identifier, reader.identifier, strlen(reader.identifier));
    outcome.body_bytes = sink.bytes;
    outcome.body_hash = sink.hash;
    memcpy(outcome.type, sink.event.type, strlen(sink.event.type));
    outcome.deadline_ms = sink.event.deadline_ms;
    outcome.whole = sink.event.whole;
    outcome.size = sink.event.size;
    return outcome;
}

static bool same(const struct outcome *a, const struct outcome *b) {
    return a->progress == b->progress && a->at_end == b->at_end && a->status == b->status && a->keep_alive == b->keep_alive &&
           strcmp(a->identifier, b->identifier) == 0 && a->body_bytes == b->body_bytes && a->body_hash == b->body_hash &&
           strcmp(a->type, b->type) == 0 && a->deadline_ms == b->deadline_ms && a->whole == b->whole && a->size == b->size;
}

static void require(bool holds, const char *what) {
    if (!holds) {
        (void)fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

/* The scanner alone, as if the bytes were a body. */
static void scan(const uint8_t *data, size_t size) {
    struct event_scanner whole, split;
    event_begin(&whole);
    event_begin(&split);
    event_feed(&whole, (const char *)data, size);
    for (size_t i = 0; i < size; i++) {
        event_feed(&split, (const char *)data + i, 1);
    }
    require(strcmp(whole.type, split.type) == 0 && whole.deadline_ms == split.deadline_ms && whole.whole == split.whole && whole.size == split.size,
            "the scanner sees something else when the bytes are split");
    require(memchr(whole.type, '\0', sizeof whole.type) != NULL, "the event type is not ended");
    require(whole.deadline_ms >= -1, "the deadline is out of range");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct outcome once = read_all(data + 1, size - 1, 0);
    struct outcome pieces = read_all(data + 1, size - 1, data[0] + 1u);
    require(same(&once, &pieces), "the answer reads otherwise when the bytes are split");
    require(once.progress == HTTP_BAD || once.used <= size - 1, "more was used than there is");
    require(once.progress != HTTP_COMPLETE || (once.status >= 200 && once.status <= 599), "a status out of range is complete");
    require(once.body_bytes <= HTTP_BODY_BYTES, "the body is past its limit");
    for (const char *byte = once.identifier; *byte != '\0'; byte++) {
        require(*byte > ' ' && *byte <= '~', "the identifier could end a header");
    }
    scan(data + 1, size - 1);
    return 0;
}
