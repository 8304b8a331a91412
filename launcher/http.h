/* Reads one HTTP/1.x answer from bytes that arrive split anywhere. No I/O, no allocation.
 *
 * The body goes to a sink piece by piece as it arrives: with Content-Length, chunked, ended by the end of the connection, or none (204,
 * 304). 1xx answers before the final one are stepped over. Limits: HTTP_HEAD_BYTES for each head, HTTP_BODY_BYTES for the body; past
 * them, and for anything that is not HTTP, the answer is HTTP_BAD and the connection is of no more use.
 */
#ifndef AFTERCALL_HTTP_H
#define AFTERCALL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Go's net/http, which serves the Extensions API, sends a few hundred bytes; a head past this is not that server. */
#define HTTP_HEAD_BYTES 65536
/* An event carries no payload: hundreds of bytes. Only a broken server sends this much. */
#define HTTP_BODY_BYTES (16u * 1024 * 1024)
/* Lines are read for the few headers that matter, all of them short: what is longer is stepped over. */
#define HTTP_LINE_BYTES 256

enum http_progress { HTTP_MORE, HTTP_COMPLETE, HTTP_BAD };

typedef void http_body_sink(void *context, const char *bytes, size_t length);

struct http_reader {
    int status;
    bool keep_alive;      /* once complete: whether the connection can carry another request */
    char identifier[128]; /* Lambda-Extension-Identifier; empty where it was not sent */

    http_body_sink *sink;
    void *sink_context;
    enum {
        HTTP_STATUS_LINE,
        HTTP_HEADERS,
        HTTP_FIXED_BODY,
        HTTP_BODY_TO_THE_END,
        HTTP_CHUNK_SIZE,
        HTTP_CHUNK,
        HTTP_CHUNK_END,
        HTTP_TRAILERS,
        HTTP_DONE,
        HTTP_BROKEN
    } state;
    bool chunked, has_length;
    uint64_t content_length, remaining, body_bytes;
    size_t head_bytes, line_length;
    char line[HTTP_LINE_BYTES];
};

void http_begin(struct http_reader *reader, http_body_sink *sink, void *sink_context);

/* `used` is how many of the bytes belong to this answer: after HTTP_COMPLETE the rest was never asked for. */
enum http_progress http_feed(struct http_reader *reader, const char *bytes, size_t length, size_t *used);

/* The peer has closed: completes a body that ends with its connection, anything else is HTTP_BAD. */
enum http_progress http_end(struct http_reader *reader);

/* Whether anything of an answer has been read. */
bool http_has_begun(const struct http_reader *reader);

#endif
