/* Hooks on http.client's HTTPResponse: its head, and the end of its body, which is where it closes its file. What is rare is done by
 * hooks/http_response.py: `_native.http_response_with(given_up, fault)`, given_up(closing) -> the error that ended a body early, or None.
 *
 * A body that has come with its head (Content-Length says so) ends the call there: nothing of it can wait any longer, whatever the user's code does with it.
 */
#include "native.h"

#include <string.h>

static PyObject *rare_given_up, *fault;
static PyObject *str_headers, *str_fp, *str_raw, *str_length, *str_chunked, *str_chunk_left, *str_method, *str_status;

/* ---- attributes ---- */

/* An attribute that is an int, SIZE_UNKNOWN for anything else (None). */
static long long size_attribute(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    long long size = value && PyLong_Check(value) ? PyLong_AsLongLong(value) : SIZE_UNKNOWN;
    Py_XDECREF(value);
    fault_settle_late(NULL);
    return size;
}

static bool is_true(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    bool truth = value && PyObject_IsTrue(value) > 0;
    Py_XDECREF(value);
    fault_settle_late(NULL);
    return truth;
}

static bool is_none(PyObject *object, PyObject *name) {
    PyObject *value = PyObject_GetAttr(object, name);
    bool none = value == Py_None;
    Py_XDECREF(value);
    fault_settle_late(NULL);
    return none;
}

/* ---- the head ---- */

static HttpExchange *reading_exchange(void) {
    PyObject *exchange = NULL;
    if (PyContextVar_Get(http_reading, NULL, &exchange) < 0 || exchange != Py_None) return (HttpExchange *)exchange;
    Py_DECREF(exchange);
    return NULL;
}

/* The response's bytes are read through its file's raw one, where it has one. */
static int watch_bytes(PyObject *response, Call *call) {
    PyObject *file = PyObject_GetAttr(response, str_fp);
    PyObject *raw = file ? PyObject_GetAttr(file, str_raw) : NULL;
    Py_XDECREF(file);
    if (!raw) {
        fault_settle_late(NULL);
        return 0;
    }
    int outcome = raw == Py_None ? 0 : tee_readinto(raw, call->response, (PyObject *)call, fault);
    Py_DECREF(raw);
    return outcome;
}

static int begin_before(PyObject *response, const Arguments *Py_UNUSED(arguments), Exchange *exchange) {
    HttpExchange *http = reading_exchange();
    if (!http) return PyErr_Occurred() ? -1 : 0;
    if (http->call->has_response || !is_none(response, str_headers)) {
        Py_DECREF((PyObject *)http);
        return 0;
    }
    exchange->state = (PyObject *)http;
    Py_INCREF(exchange->second = response);
    return capture_check(http->call->response) ? watch_bytes(response, http->call) : 0;
}

static bool is_head_request(PyObject *response) {
    PyObject *method = PyObject_GetAttr(response, str_method);
    bool head = method && PyUnicode_Check(method) && PyUnicode_CompareWithASCIIString(method, "HEAD") == 0;
    Py_XDECREF(method);
    fault_settle_late(NULL);
    return head;
}

static int begin_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *error) {
    if (error) return 0;
    HttpExchange *http = (HttpExchange *)exchange->state;
    PyObject *response = exchange->second;
    Call *call = http->call;
    bool chunked = is_true(response, str_chunked);
    Py_INCREF(Py_None);
    set_reference(&call->error, Py_None); /* what failed while sending did not matter */
    http->length = size_attribute(response, str_length);
    long status = (long)size_attribute(response, str_status);
    bool watched = capture_check(call->response);
    bool no_body = http->length == 0 && (!chunked || is_head_request(response));
    Py_ssize_t come = watched ? capture_body_size(call->response) : -1;
    if (no_body || (!chunked && http->length > 0 && come >= http->length)) {
        call->response_size = http->length;
        return call_responded_whole(call, (int)status, NULL);
    }
    /* The body may end with the connection: its size is then what comes after the head. */
    if (watched && come >= 0) http->head_size = capture_size(call->response) - come;
    if (call_responded(call, (int)status, NULL) < 0) return -1;
    return exchange_attach(response, (PyObject *)http);
}

/* ---- the body ---- */

static long long response_size(HttpExchange *http, PyObject *response) {
    if (is_true(response, str_chunked)) {
        long long left = size_attribute(response, str_chunk_left);
        return http->chunks - (left > 0 ? left : 0);
    }
    if (http->length != SIZE_UNKNOWN) {
        long long left = size_attribute(response, str_length);
        return http->length - (left > 0 ? left : 0);
    }
    if (!capture_check(http->call->response)) return SIZE_UNKNOWN;
    long long size = capture_size(http->call->response) - http->head_size;
    return size > 0 ? size : 0;
}

/* _read_next_chunk_size() -> size */
static int chunk_after(Exchange *exchange, PyObject *size, PyObject *Py_UNUSED(error)) {
    HttpExchange *http = size ? http_attached(exchange->state) : NULL;
    if (!http) return 0;
    long long chunk = PyLong_AsLongLong(size);
    if (chunk >= 0) {
        http->chunks += chunk;
        http->body_done = chunk == 0;
    }
    Py_DECREF((PyObject *)http);
    return PyErr_Occurred() ? -1 : 0;
}

/* _safe_read and _safe_readinto: fewer bytes than announced; http.client leaves a chunked response open then. */
static int safe_read_after(Exchange *exchange, PyObject *Py_UNUSED(data), PyObject *error) {
    HttpExchange *http = error ? http_attached(exchange->state) : NULL;
    if (!http) return 0;
    http->call->response_size = response_size(http, exchange->state);
    int outcome = call_end(http->call, error, false, NULL);
    Py_DECREF((PyObject *)http);
    return outcome;
}

/* close() before the end: by the user's code, or when the response is dropped. */
static int close_before(PyObject *response, const Arguments *Py_UNUSED(arguments), Exchange *Py_UNUSED(exchange)) {
    HttpExchange *http = http_attached(response);
    if (!http) return 0;
    if (!is_none(response, str_fp)) http->closing = true;
    Py_DECREF((PyObject *)http);
    return 0;
}

static bool is_complete(HttpExchange *http, PyObject *response) {
    if (is_true(response, str_chunked)) return http->body_done;
    if (http->length != SIZE_UNKNOWN) return size_attribute(response, str_length) == 0;
    return !http->closing;
}

static int end_body(HttpExchange *http, PyObject *response) {
    http->call->response_size = response_size(http, response);
    if (is_complete(http, response)) return call_end(http->call, NULL, true, NULL);
    PyObject *error = PyObject_CallFunctionObjArgs(rare_given_up, http->closing ? Py_True : Py_False, NULL);
    int outcome = error ? call_end(http->call, error, false, NULL) : -1;
    Py_XDECREF(error);
    return outcome;
}

/* _close_conn: the body is at its end, or was given up. */
static int close_conn_after(Exchange *exchange, PyObject *Py_UNUSED(result), PyObject *Py_UNUSED(error)) {
    HttpExchange *http = http_attached(exchange->state);
    if (!http) return 0;
    int outcome = 0;
    if (!http->measuring) {
        outcome = exchange_attach(exchange->state, NULL);
        if (outcome == 0) outcome = end_body(http, exchange->state);
    }
    Py_DECREF((PyObject *)http);
    return outcome;
}

/* ---- registration ---- */

static const NativeHook begin_hook = {begin_before, begin_after, false}, chunk_hook = {NULL, chunk_after, false}, safe_read_hook = {NULL, safe_read_after, false},
                        close_hook = {close_before, NULL, false}, close_conn_hook = {NULL, close_conn_after, false};
static const NamedHook hooks[] = {
    {"response_begin", &begin_hook}, {"response_chunk", &chunk_hook},           {"response_safe_read", &safe_read_hook},
    {"response_close", &close_hook}, {"response_close_conn", &close_conn_hook},
};

static PyObject *native_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *function, *telling;
    if (!PyArg_UnpackTuple(args, "http_response_with", 2, 2, &function, &telling)) return NULL;
    Py_INCREF(function);
    set_reference(&rare_given_up, function);
    Py_INCREF(telling);
    set_reference(&fault, telling);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"http_response_with", native_with, METH_VARARGS, "http_response_with(given_up, fault)"},
    {NULL, NULL, 0, NULL},
};

int http_response_register(PyObject *module) {
    static const struct {
        PyObject **where;
        const char *name;
    } names[] = {
        {&str_headers, "headers"}, {&str_fp, "fp"},                 {&str_raw, "raw"},        {&str_length, "length"},
        {&str_chunked, "chunked"}, {&str_chunk_left, "chunk_left"}, {&str_method, "_method"}, {&str_status, "status"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!(*names[i].where = PyUnicode_InternFromString(names[i].name))) return -1;
    if (native_hooks_add(module, hooks, sizeof hooks / sizeof *hooks) < 0) return -1;
    http_reading = PyContextVar_New("aftercall_reading", Py_None);
    return http_reading ? PyModule_AddFunctions(module, functions) : -1;
}
