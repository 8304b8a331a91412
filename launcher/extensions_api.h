/* One request at a time to the Extensions and Telemetry API, over one kept connection that never blocks.
 *
 * Ask, poll for `api_poll_events`, advance, until it has answered or failed. A kept connection that the peer closed before it answered
 * is opened again and the request sent once more; every other failure is the caller's to retry.
 * API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
#ifndef AFTERCALL_EXTENSIONS_API_H
#define AFTERCALL_EXTENSIONS_API_H

#include "event.h"
#include "http.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest body that is handed over (PROTOCOL.md); of a longer one this much is kept, and all of it scanned. */
#define API_BODY_BYTES 65536

enum api_request { API_NOTHING, API_REGISTER, API_SUBSCRIBE, API_NEXT };
enum api_outcome { API_WAITING, API_ANSWERED, API_FAILED };

struct extensions_api {
    /* the answer, once API_ANSWERED */
    int status;
    struct event_scanner event;
    uint64_t body_size;
    size_t body_length;
    char body[API_BODY_BYTES];

    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t address_length;
    const char *host;
    char identifier[128]; /* ours, from the answer to register */
    char failure[96];     /* what went wrong, for a log line */
    int socket;           /* -1 while not connected */
    bool connected, kept;
    size_t request_length, request_sent;
    struct http_reader reader;
    char request[1024];
};

/* `runtime_api` is AWS_LAMBDA_RUNTIME_API: an IPv4 address, an IPv6 address in brackets or "localhost", a colon and a port. */
bool api_open(struct extensions_api *api, const char *runtime_api);
void api_close(struct extensions_api *api);

/* Without `invoke`, for SHUTDOWN alone. */
void api_ask_register(struct extensions_api *api, const char *extension_name, bool invoke);
void api_ask_subscribe(struct extensions_api *api, uint16_t port);
void api_ask_next(struct extensions_api *api);

/* What to poll api->socket for; nothing more may be known by polling while it is -1. */
short api_poll_events(const struct extensions_api *api);

/* Sends and reads what can be sent and read now. */
enum api_outcome api_advance(struct extensions_api *api);

/* Whether an answer has begun to arrive. */
bool api_is_answering(const struct extensions_api *api);

/* Whether the answer's body holds `word`: for the error types of a refusal. */
bool api_body_holds(const struct extensions_api *api, const char *word);

#endif
