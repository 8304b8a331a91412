#include "extensions_api.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Only what wakes the Python part is asked for: "function" and "extension" lines are the user's logs, and a batch of them would wake it
 * in the middle of the handler. 25 ms is the shortest buffering that the service accepts, and runtimeDone waits for it. */
static const char SUBSCRIPTION[] = "{\"schemaVersion\":\"2025-01-29\",\"types\":[\"platform\"],"
                                   "\"buffering\":{\"maxItems\":1000,\"maxBytes\":262144,\"timeoutMs\":25},"
                                   "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:%u\"}}";

static bool parse_port(const char *text, in_port_t *port) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    *port = htons((uint16_t)number);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && number > 0 && number <= UINT16_MAX;
}

bool api_open(struct extensions_api *api, const char *runtime_api) {
    char host[INET6_ADDRSTRLEN + 2];
    const char *colon = strrchr(runtime_api, ':');
    in_port_t port;
    api->socket = -1;
    api->host = runtime_api;
    if (colon == NULL || (size_t)(colon - runtime_api) >= sizeof host || !parse_port(colon + 1, &port)) {
        return false;
    }
    size_t length = (size_t)(colon - runtime_api);
    memcpy(host, runtime_api, length);
    host[length] = '\0';
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        api->address.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = port};
        api->address_length = sizeof api->address.v6;
        return inet_pton(AF_INET6, host + 1, &api->address.v6.sin6_addr) == 1;
    }
    /* Lambda names an address. A resolver would cost milliseconds and tie a static build to the libc of its machine. */
    const char *numeric = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    api->address.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
    api->address_length = sizeof api->address.v4;
    return inet_pton(AF_INET, numeric, &api->address.v4.sin_addr) == 1;
}

void api_close(struct extensions_api *api) {
    if (api->socket >= 0) {
        (void)close(api->socket);
        api->socket = -1;
    }
}

static void keep_body(void *context, const char *bytes, size_t length) {
    struct extensions_api *api = context;
    size_t room = sizeof api->body - api->body_length;
    size_t kept = length < room ? length : room;
    memcpy(api->body + api->body_length, bytes, kept);
    api->body_length += kept;
    api->body_size += length;
    event_feed(&api->event, bytes, length);
}

static void begin_answer(struct extensions_api *api) {
    api->status = 0;
    api->body_size = 0;
    api->body_length = 0;
    event_begin(&api->event);
    http_begin(&api->reader, keep_body, api);
}

/* Loopback connects at once or is refused at once, but a non-blocking connect says EINPROGRESS either way. */
static void begin_connection(struct extensions_api *api) {
    api->kept = api->connected = false;
    api->socket = socket(api->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (api->socket < 0) {
        return;
    }
    if (connect(api->socket, &api->address.any, api->address_length) == 0) {
        api->connected = true;
    } else if (errno != EINPROGRESS) {
        api_close(api);
    }
}

static enum api_outcome failed(struct extensions_api *api, const char *what) {
    (void)snprintf(api->failure, sizeof api->failure, "%s", what);
    api_close(api);
    return API_FAILED;
}

static bool send_request(struct extensions_api *api) {
    while (api->request_sent < api->request_length) {
        ssize_t sent = send(api->socket, api->request + api->request_sent, api->request_length - api->request_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        }
        api->request_sent += (size_t)sent;
    }
    return true;
}

static void ask(struct extensions_api *api, const char *method, const char *path, const char *headers, const char *body) {
    size_t body_length = strlen(body);
    int length =
        snprintf(api->request, sizeof api->request, "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 method, path, api->host, headers, body_length, body);
    /* A name that fills NAME_MAX still fits twice; only an absurd host does not, and api_open has refused that. */
    api->request_length = length > 0 && (size_t)length < sizeof api->request ? (size_t)length : 0;
    api->request_sent = 0;
    begin_answer(api);
    if (api->socket < 0) {
        begin_connection(api);
    } else {
        api->kept = true;
        /* The first try costs no poll; what it could not send, or why, is for api_advance to see. */
        (void)send_request(api);
    }
}

void api_ask_register(struct extensions_api *api, const char *extension_name, bool invoke) {
    char headers[512];
    (void)snprintf(headers, sizeof headers, "Lambda-Extension-Name: %s\r\nLambda-Extension-Accept-Feature: accountId\r\n", extension_name);
    ask(api, "POST", "/2020-01-01/extension/register", headers, invoke ? "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}" : "{\"events\":[\"SHUTDOWN\"]}");
}

static const char *identifier_header(const struct extensions_api *api, char *header, size_t size) {
    (void)snprintf(header, size, "Lambda-Extension-Identifier: %s\r\n", api->identifier);
    return header;
}

void api_ask_subscribe(struct extensions_api *api, uint16_t port) {
    char header[192];
    char body[sizeof SUBSCRIPTION + 8];
    (void)snprintf(body, sizeof body, SUBSCRIPTION, (unsigned)port);
    ask(api, "PUT", "/2022-07-01/telemetry", identifier_header(api, header, sizeof header), body);
}

void api_ask_next(struct extensions_api *api) {
    char header[192];
    ask(api, "GET", "/2020-01-01/extension/event/next", identifier_header(api, header, sizeof header), "");
}

short api_poll_events(const struct extensions_api *api) {
    bool sending = !api->connected || api->request_sent < api->request_length;
    return sending ? POLLIN | POLLOUT : POLLIN;
}

bool api_is_answering(const struct extensions_api *api) { return http_has_begun(&api->reader); }

bool api_body_holds(const struct extensions_api *api, const char *word) { return memmem(api->body, api->body_length, word, strlen(word)) != NULL; }

static enum api_outcome answered(struct extensions_api *api, bool reusable) {
    api->status = api->reader.status;
    if (api->reader.identifier[0] != '\0' && api->identifier[0] == '\0') {
        memcpy(api->identifier, api->reader.identifier, sizeof api->identifier);
    }
    if (!reusable || !api->reader.keep_alive || api->request_sent < api->request_length) {
        api_close(api);
    }
    return API_ANSWERED;
}

/* The peer closed a kept connection while we wrote: it never saw the request, or says by 403 that it did. */
static enum api_outcome lost(struct extensions_api *api, const char *what) {
    if (!api->kept || http_has_begun(&api->reader)) {
        return failed(api, what);
    }
    api_close(api);
    begin_connection(api);
    api->request_sent = 0;
    return api->socket < 0 ? failed(api, what) : API_WAITING;
}

static enum api_outcome read_answer(struct extensions_api *api) {
    char bytes[4096];
    for (;;) {
        size_t used;
        ssize_t got = recv(api->socket, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            return API_WAITING;
        }
        if (got <= 0) {
            const char *what = got == 0 ? "the connection was closed" : strerror(errno);
            return got == 0 && http_end(&api->reader) == HTTP_COMPLETE ? answered(api, false) : lost(api, what);
        }
        switch (http_feed(&api->reader, bytes, (size_t)got, &used)) {
        case HTTP_COMPLETE:
            return answered(api, used == (size_t)got);
        case HTTP_BAD:
            return failed(api, "the answer is not HTTP");
        case HTTP_MORE:
            break;
        }
    }
}

static bool finish_connecting(struct extensions_api *api, int *error) {
    socklen_t length = sizeof *error;
    struct pollfd writable = {.fd = api->socket, .events = POLLOUT};
    *error = 0;
    if (poll(&writable, 1, 0) != 1) {
        return false;
    }
    (void)getsockopt(api->socket, SOL_SOCKET, SO_ERROR, error, &length);
    api->connected = *error == 0;
    return api->connected;
}

enum api_outcome api_advance(struct extensions_api *api) {
    if (api->socket < 0) {
        return failed(api, "no connection");
    }
    if (!api->connected) {
        int error;
        if (!finish_connecting(api, &error)) {
            return error == 0 ? API_WAITING : failed(api, strerror(error));
        }
    }
    if (!send_request(api)) {
        return lost(api, strerror(errno));
    }
    return read_answer(api);
}
