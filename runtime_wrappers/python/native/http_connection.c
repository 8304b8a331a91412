/* Hooks on http.client's HTTPConnection: what every call passes through. What is rare is done by hooks/http_client.py, which gives its functions to
 * `_native.http_connection_with(functions)`:
 *
 *     target(connection, path) -> (url, host, port, proxy)      of proxies, tunnels and unusual hosts
 *     watched_body(exchange, data) -> what to send instead      of a file or an iterable
 *     connect_is_hooked(connection) -> bool                     False for a connect() of a subclass's own
 *     send_failed(exchange, error)
 */
#define _GNU_SOURCE /* memmem */
#include "native.h"

#include <string.h>
#include <strings.h>

/* Less than any send buffer: a request below this size cannot wait for its peer to read. As in http_exchange.py. */
#define SMALL_REQUEST 8192

PyObject *http_current, *http_reading;
static PyObject *rare_target, *rare_body, *rare_connect, *rare_failure;
static PyObject *library, *slash, *empty;
static PyObject *str_default_port, *str_host, *str_port, *str_tunnel_host, *str_sock, *str_buffer, *str_name;

/* ---- the target ---- */

/* What Call is made of; all owned. */
typedef struct {
    PyObject *url, *host, *port, *proxy;
} Target;

static void target_clear(Target *target) {
    Py_CLEAR(target->url);
    Py_CLEAR(target->host);
    Py_CLEAR(target->port);
    Py_CLEAR(target->proxy);
}

static bool is_plain_path(PyObject *path) { return PyUnicode_Check(path) && PyUnicode_GetLength(path) > 0 && PyUnicode_ReadChar(path, 0) == '/'; }

static bool is_plain_host(PyObject *host) { return host && PyUnicode_Check(host) && PyUnicode_FindChar(host, ':', 0, PyUnicode_GetLength(host), 1) == -1; }

/* ASCII alone: the rest is rare. */
static bool put_ascii(Text *text, PyObject *string) {
    Py_ssize_t size;
    const char *data = PyUnicode_AsUTF8AndSize(string, &size);
    if (!data || size != PyUnicode_GetLength(string)) return false;
    text_put(text, data, (size_t)size);
    return true;
}

/* `http://host:port`, without the scheme's own port, and the path. */
static PyObject *join_url(bool tls, PyObject *host, long port, PyObject *path) {
    Text text;
    text_begin(&text);
    text_string(&text, tls ? "https://" : "http://");
    bool plain = put_ascii(&text, host);
    if (port != (tls ? 443 : 80)) {
        text_string(&text, ":");
        text_number(&text, port);
    }
    plain = plain && put_ascii(&text, path) && !text.failed;
    PyObject *url = plain ? PyUnicode_FromStringAndSize(text.data, (Py_ssize_t)text.size) : NULL;
    text_end(&text);
    return url;
}

/* NULL without an exception if this is not a plain request. */
static PyObject *plain_url(PyObject *connection, Target *target, PyObject *path) {
    PyObject *tunnel = PyObject_GetAttr(connection, str_tunnel_host), *standard = PyObject_GetAttr(connection, str_default_port), *url = NULL;
    if (tunnel == Py_None && standard && PyLong_Check(standard) && is_plain_path(path) && is_plain_host(target->host) && PyLong_Check(target->port))
        url = join_url(PyLong_AsLong(standard) == 443, target->host, PyLong_AsLong(target->port), path);
    Py_XDECREF(tunnel);
    Py_XDECREF(standard);
    fault_settle_late(NULL);
    return url;
}

static int find_target(PyObject *connection, PyObject *path, Target *target) {
    target->host = PyObject_GetAttr(connection, str_host);
    target->port = target->host ? PyObject_GetAttr(connection, str_port) : NULL;
    if (target->port && (target->url = plain_url(connection, target, path))) return 0;
    target_clear(target);
    fault_settle_late(NULL);
    PyObject *found = PyObject_CallFunctionObjArgs(rare_target, connection, path, NULL);
    if (!found || !PyArg_UnpackTuple(found, "target", 4, 4, &target->url, &target->host, &target->port, &target->proxy)) {
        Py_XDECREF(found);
        *target = (Target){NULL, NULL, NULL, NULL};
        return -1;
    }
    Py_INCREF(target->url);
    Py_INCREF(target->host);
    Py_INCREF(target->port);
    Py_INCREF(target->proxy);
    Py_DECREF(found);
    return 0;
}

/* ---- a call begins ---- */

/* A new exchange of http.client's own on this connection. *exchange: a new reference, NULL when it is not to be recorded. */
static int start(PyObject *connection, PyObject *method, PyObject *path, HttpExchange **exchange) {
    Target target = {NULL, NULL, NULL, NULL};
    *exchange = NULL;
    if (find_target(connection, path, &target) < 0) return -1;
    PyObject *call = call_begin(library, method, target.url, target.host, target.port, target.proxy);
    target_clear(&target);
    if (!call) return -1;
    if (call != Py_None) *exchange = http_exchange_new(call, true);
    int outcome = call != Py_None && !*exchange ? -1 : exchange_attach(connection, (PyObject *)*exchange);
    Py_DECREF(call);
    if (outcome < 0) Py_CLEAR(*exchange);
    return outcome;
}

/* 1 when the request belongs to the call that is there: urllib3's, or an explicit connect() just before. */
static int takes_up(HttpExchange *exchange, PyObject *connection, PyObject *method, PyObject *path) {
    if (!exchange->own) return 1;
    PyObject *request_id = writer_request_id();
    if (exchange->call->request_id != request_id && PyUnicode_Compare(exchange->call->request_id, request_id) != 0)
        return call_end(exchange->call, NULL, true, NULL) < 0 ? -1 : 0;
    Target target = {NULL, NULL, NULL, NULL};
    if (find_target(connection, path, &target) < 0) return -1;
    call_target(exchange->call, method, target.url);
    target_clear(&target);
    return 1;
}

static int putrequest_before(PyObject *connection, const Arguments *arguments, Exchange *exchange) {
    PyObject *method = arguments_get(arguments, 0, "method"), *path = arguments_get(arguments, 1, "url");
    if (!method || !path) return 0;
    int given = PyObject_IsTrue(path);
    if (given < 0) return -1;
    Py_INCREF(exchange->state = connection);
    Py_INCREF(exchange->second = method);
    Py_INCREF(exchange->third = given ? path : slash);
    return 0;
}

static int putrequest_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    if (error) return 0;
    PyObject *connection = exchange->state, *method = exchange->second, *path = exchange->third;
    HttpExchange *http = http_attached(connection);
    int taken = http && !http->started ? takes_up(http, connection, method, path) : 0;
    if (taken == 0) {
        Py_CLEAR(http);
        taken = start(connection, method, path, &http);
    }
    if (taken >= 0 && http) http->started = true;
    Py_XDECREF(http);
    return taken < 0 ? -1 : 0;
}

/* ---- connecting ---- */

static int set_current(Exchange *exchange, Call *call) {
    exchange->second = PyContextVar_Set(http_current, (PyObject *)call);
    return exchange->second ? 0 : -1;
}

static int connect_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Exchange *exchange) {
    HttpExchange *http = http_attached(connection);
    if (!http && start(connection, empty, slash, &http) < 0) return -1;
    if (!http) return 0;
    PyObject *current = NULL;
    int outcome = PyContextVar_Get(http_current, NULL, &current);
    if (outcome == 0 && current != (PyObject *)http->call) outcome = set_current(exchange, http->call);
    Py_XDECREF(current);
    if (outcome == 0 && exchange->second)
        exchange->state = (PyObject *)http;
    else
        Py_DECREF((PyObject *)http);
    return outcome;
}

static int connect_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    HttpExchange *http = (HttpExchange *)exchange->state;
    if (PyContextVar_Reset(http_current, exchange->second) < 0) return -1;
    if (error) return http->own ? call_end(http->call, error, true, NULL) : 0;
    if (http_count_pending(http) < 0) return -1;
    return http->call->slow && http->started ? call_stage(http->call, STAGE_REQUEST) : 0;
}

static int tunnel_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Exchange *exchange) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    http->tunnelling = true;
    exchange->state = (PyObject *)http;
    return call_stage(http->call, STAGE_PROXY);
}

static int tunnel_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *Py_UNUSED(error)) {
    ((HttpExchange *)exchange->state)->tunnelling = false;
    return 0;
}

/* ---- sending ---- */

static bool is_bytes(PyObject *data) { return PyBytes_Check(data) || PyByteArray_Check(data) || PyMemoryView_Check(data); }

static bool line_begins(const char *line, Py_ssize_t size, const char *name) {
    size_t length = strlen(name);
    return (size_t)size >= length && strncasecmp(line, name, length) == 0;
}

/* The head's lines, as http.client keeps them: does a body follow? */
static bool announces_body(PyObject *connection) {
    PyObject *lines = PyObject_GetAttr(connection, str_buffer);
    Py_ssize_t count = lines && PyList_Check(lines) ? PyList_Size(lines) : 0;
    bool body = false;
    for (Py_ssize_t i = 0; i < count && !body; i++) {
        char *line;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyList_GetItem(lines, i), &line, &size) < 0) break;
        if (line_begins(line, size, "transfer-encoding:")) body = true;
        if (line_begins(line, size, "content-length:")) {
            const char *value = line + 15 + strspn(line + 15, " \t");
            body = value[0] != '0' || value[1 + strspn(value + 1, " \t\r\n")] != '\0';
        }
    }
    Py_XDECREF(lines);
    PyErr_Clear();
    return body;
}

/* _send_output(message_body): the head and perhaps the body go out. The flag says that all of it does. */
static int output_before(PyObject *connection, const Arguments *arguments, Exchange *exchange) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    if (!http->own) {
        Py_DECREF((PyObject *)http);
        return 0;
    }
    PyObject *body = arguments_get(arguments, 0, "message_body");
    exchange->state = (PyObject *)http;
    exchange->flag = true;
    if (body && body != Py_None) {
        if (!is_bytes(body) && !PyUnicode_Check(body)) http->call->slow = true;
    } else if (announces_body(connection)) { /* the caller will send() it, and may take its time */
        http->call->slow = true;
        exchange->flag = false;
    }
    return 0;
}

static int send_failed(HttpExchange *http, PyObject *error) {
    if (!http->own || http->call->ended) return 0;
    PyObject *done = PyObject_CallFunctionObjArgs(rare_failure, (PyObject *)http, error, NULL);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

static int output_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    HttpExchange *http = (HttpExchange *)exchange->state;
    if (error) return send_failed(http, error);
    return call_stage(http->call, exchange->flag ? STAGE_RESPONSE_HEAD : STAGE_REQUEST);
}

static bool expects_continue(PyObject *data) {
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return false;
    bool found = memmem(view.buf, (size_t)view.len, "100-continue", 12) != NULL;
    PyBuffer_Release(&view);
    return found;
}

static int bytes_to_send(HttpExchange *http, PyObject *data, bool connected) {
    Call *call = http->call;
    long long before = call->request_size == SIZE_UNKNOWN ? 0 : call->request_size;
    if (PyObject_Size(data) + before > SMALL_REQUEST || (!http->head_sent && expects_continue(data))) call->slow = true;
    fault_settle_late(NULL);
    if (connected) return http_count_sent(http, data);
    Py_INCREF(data); /* until there is a connection that it can cross */
    set_reference(&http->pending, data);
    return 0;
}

/* A file or an iterable: the original gets a stand-in. */
static int body_to_send(HttpExchange *http, PyObject *data, Exchange *exchange) {
    http->call->slow = true;
    PyObject *watched = PyObject_CallFunctionObjArgs(rare_body, (PyObject *)http, data, NULL);
    if (!watched) return -1;
    exchange->args = PyTuple_New(1);
    exchange->kwargs = PyDict_New();
    if (!exchange->args || !exchange->kwargs) {
        Py_DECREF(watched);
        Py_CLEAR(exchange->args);
        return -1;
    }
    return PyTuple_SetItem(exchange->args, 0, watched);
}

/* What the request waits for, once it is on its way. */
static int stage_of_send(PyObject *connection, HttpExchange *http, bool connected, Exchange *exchange) {
    if (connected) return http->call->slow ? call_stage(http->call, STAGE_REQUEST) : 0;
    PyObject *answer = PyObject_CallFunctionObjArgs(rare_connect, connection, NULL);
    int hooked = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    if (hooked) return hooked > 0 ? 0 : -1;
    return call_stage(http->call, STAGE_CONNECT) < 0 ? -1 : set_current(exchange, http->call);
}

static int send_before(PyObject *connection, const Arguments *arguments, Exchange *exchange) {
    PyObject *data = arguments_get(arguments, 0, "data");
    HttpExchange *http = data ? http_attached(connection) : NULL;
    if (!http) return 0;
    if (http->tunnelling) {
        Py_DECREF((PyObject *)http);
        return 0;
    }
    exchange->state = (PyObject *)http;
    PyObject *sock = PyObject_GetAttr(connection, str_sock);
    if (!sock) return -1;
    bool connected = sock != Py_None;
    Py_DECREF(sock);
    int outcome = is_bytes(data) ? bytes_to_send(http, data, connected) : PyUnicode_Check(data) ? 0 : body_to_send(http, data, exchange);
    if (outcome < 0) return -1;
    http->call->sent = true;
    return stage_of_send(connection, http, connected, exchange);
}

static int send_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    HttpExchange *http = (HttpExchange *)exchange->state;
    if (exchange->second && PyContextVar_Reset(http_current, exchange->second) < 0) return -1;
    return error ? send_failed(http, error) : http_count_pending(http);
}

/* ---- receiving ---- */

static int getresponse_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Exchange *exchange) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    if (!http->started || http->call->has_response) {
        Py_DECREF((PyObject *)http);
        return 0;
    }
    int outcome = call_stage(http->call, STAGE_RESPONSE_HEAD);
    http->reading = true;
    exchange->state = (PyObject *)http;
    exchange->second = outcome == 0 ? PyContextVar_Set(http_reading, (PyObject *)http) : NULL;
    return exchange->second ? 0 : -1;
}

/* Asked before an earlier response on this connection was read; it may be asked again. */
static bool is_not_ready(PyObject *error) {
    PyObject *name = PyObject_GetAttr((PyObject *)Py_TYPE(error), str_name);
    bool is = name && PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "ResponseNotReady") == 0;
    Py_XDECREF(name);
    PyErr_Clear();
    return is;
}

static int getresponse_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    HttpExchange *http = (HttpExchange *)exchange->state;
    http->reading = false;
    if (PyContextVar_Reset(http_reading, exchange->second) < 0) return -1;
    return error && http->own && !is_not_ready(error) ? call_end(http->call, error, true, NULL) : 0;
}

/* A connection closed without asking for the response: the call is over. */
static int close_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Exchange *Py_UNUSED(exchange)) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    bool unanswered = http->own && http->started && !(http->reading || http->call->has_response || http->tunnelling);
    int outcome = unanswered ? call_end(http->call, NULL, false, NULL) : 0;
    Py_DECREF((PyObject *)http);
    return outcome;
}

/* ---- registration ---- */

static const NativeHook connect_hook = {connect_before, connect_after, false}, tunnel_hook = {tunnel_before, tunnel_after, false},
                        putrequest_hook = {putrequest_before, putrequest_after, false}, output_hook = {output_before, output_after, false},
                        send_hook = {send_before, send_after, true}, getresponse_hook = {getresponse_before, getresponse_after, false},
                        close_hook = {close_before, NULL, false};
static const NamedHook hooks[] = {
    {"connection_connect", &connect_hook}, {"connection_tunnel", &tunnel_hook}, {"connection_putrequest", &putrequest_hook},
    {"connection_output", &output_hook},   {"connection_send", &send_hook},     {"connection_getresponse", &getresponse_hook},
    {"connection_close", &close_hook},
};

static PyObject *native_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *given[4];
    PyObject **const kept[4] = {&rare_target, &rare_body, &rare_connect, &rare_failure};
    if (!PyArg_UnpackTuple(args, "http_connection_with", 4, 4, &given[0], &given[1], &given[2], &given[3])) return NULL;
    for (int i = 0; i < 4; i++) {
        Py_INCREF(given[i]);
        set_reference(kept[i], given[i]);
    }
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"http_connection_with", native_with, METH_VARARGS, "http_connection_with(target, watched_body, connect_is_hooked, send_failed)"},
    {NULL, NULL, 0, NULL},
};

static int intern_names(void) {
    library = PyUnicode_InternFromString("http.client");
    slash = PyUnicode_InternFromString("/");
    empty = PyUnicode_InternFromString("");
    str_default_port = PyUnicode_InternFromString("default_port");
    str_host = PyUnicode_InternFromString("host");
    str_port = PyUnicode_InternFromString("port");
    str_tunnel_host = PyUnicode_InternFromString("_tunnel_host");
    str_sock = PyUnicode_InternFromString("sock");
    str_buffer = PyUnicode_InternFromString("_buffer");
    str_name = PyUnicode_InternFromString("__name__");
    return library && slash && empty && str_default_port && str_host && str_port && str_tunnel_host && str_sock && str_buffer && str_name ? 0 : -1;
}

int http_connection_register(PyObject *module) {
    if (native_hooks_add(module, hooks, sizeof hooks / sizeof *hooks) < 0) return -1;
    http_current = PyContextVar_New("aftercall_call", Py_None);
    Py_XINCREF(http_current);
    if (PyModule_AddObject(module, "current", http_current) < 0) return -1;
    return intern_names() < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
