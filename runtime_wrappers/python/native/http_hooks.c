/* The hooks that every call of http.client passes, and so of urllib3, requests and boto3, and the one of h11, which httpx stands on. What is rare is done by
 * hooks/http_client.py:
 *
 *     http_client_with(start, watched_body, connecting, failed)
 *         start(connection, method, path)                  a request of http.client's own begins
 *         watched_body(exchange, data) -> instead of it    of a file or an iterable
 *         connecting(exchange, connection) -> token        send() connects now; None where a hooked connect() will tell
 *         failed(exchange, error, receiving)
 *
 * A body that has come with its head (Content-Length says so) ends the call there: nothing of it can wait any longer, whatever the user's code does with it.
 */
#include "native.h"

/* Less than any send buffer: a request below this size cannot wait for its peer to read. As in http_exchange.py. */
#define SMALL_REQUEST 8192

static PyObject *rare_start, *rare_body, *rare_connect, *rare_failure;
static PyObject *current; /* ContextVar: the call that connects in this context */
static PyObject *reading; /* ContextVar: the exchange whose response head is read */

static int give_up(HttpExchange *http) {
    Py_DECREF((PyObject *)http);
    return PyErr_Occurred() ? -1 : 0;
}

/* ---- sending ---- */

static int putrequest_after(PyObject *connection, const Arguments *arguments, Passage *Py_UNUSED(passage), PyObject *Py_UNUSED(result),
                            PyObject *error) {
    PyObject *method = arguments_get(arguments, 0, "method"), *path = arguments_get(arguments, 1, "url");
    if (error || !method || !path) return 0;
    HttpExchange *http = http_attached(connection);
    if (http && !http->own && !http->started) { /* urllib3 has begun it */
        http->started = true;
        return give_up(http);
    }
    Py_XDECREF((PyObject *)http);
    return truth_of(PyObject_CallFunctionObjArgs(rare_start, connection, method, path, NULL)) < 0 ? -1 : 0;
}

static bool is_bytes(PyObject *data) { return PyBytes_Check(data) || PyByteArray_Check(data) || PyMemoryView_Check(data); }

/* What a socket takes of it. Not len(), which user code may define, and which not every memoryview has. 0 for a view that no socket takes: it says so. */
static Py_ssize_t bytes_in(PyObject *data) {
    Py_buffer view;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return 0;
    }
    Py_ssize_t size = view.len;
    PyBuffer_Release(&view);
    return size;
}

/* _send_output(message_body): the head and perhaps the body go out. A body of the user's own making may take its time. */
static int output_before(PyObject *connection, const Arguments *arguments, Passage *passage) {
    HttpExchange *http = http_attached(connection);
    PyObject *body = arguments_get(arguments, 0, "message_body");
    if (!http) return 0;
    if (!http->own) return give_up(http);
    if (body && body != Py_None && !is_bytes(body) && !PyUnicode_Check(body)) http->call->slow = true;
    passage->state = (PyObject *)http;
    return 0;
}

static int fail(HttpExchange *http, PyObject *error, bool receiving) {
    if (!http->own || http->call->ended) return 0;
    PyObject *none = PyObject_CallFunctionObjArgs(rare_failure, (PyObject *)http, error, receiving ? Py_True : Py_False, NULL);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

static int output_after(PyObject *Py_UNUSED(connection), const Arguments *Py_UNUSED(arguments), Passage *passage, PyObject *Py_UNUSED(result),
                        PyObject *error) {
    HttpExchange *http = (HttpExchange *)passage->state;
    if (error) return fail(http, error, false);
    return call_stage(http->call, http_request_is_whole(http) ? str_response_head : str_request);
}

/* A file or an iterable: the original gets a stand-in. */
static int replace_body(HttpExchange *http, PyObject *data, Passage *passage) {
    http->call->slow = true;
    PyObject *watched = PyObject_CallFunctionObjArgs(rare_body, (PyObject *)http, data, NULL);
    passage->args = watched ? PyTuple_Pack(1, watched) : NULL;
    passage->kwargs = passage->args ? PyDict_New() : NULL;
    Py_XDECREF(watched);
    return passage->kwargs ? 0 : -1;
}

/* What the request waits for, once it is on its way. */
static int stage_of_send(PyObject *connection, HttpExchange *http, Passage *passage) {
    if (passage->flag) return http->call->slow ? call_stage(http->call, str_request) : 0;
    passage->token = PyObject_CallFunctionObjArgs(rare_connect, (PyObject *)http, connection, NULL);
    if (!passage->token) return -1;
    if (passage->token == Py_None) Py_CLEAR(passage->token);
    return 0;
}

/* The flag says that there is a connection already. */
static int send_before(PyObject *connection, const Arguments *arguments, Passage *passage) {
    PyObject *data = arguments_get(arguments, 0, "data");
    HttpExchange *http = data ? http_attached(connection) : NULL;
    if (!http) return 0;
    if (http->tunnelling) return give_up(http);
    passage->state = (PyObject *)http;
    passage->flag = !attribute_is(connection, str_sock, Py_None);
    if (is_bytes(data)) {
        if (bytes_in(data) + (http->head_sent ? http->call->request_size : 0) > SMALL_REQUEST) http->call->slow = true;
    } else if (!PyUnicode_Check(data) && replace_body(http, data, passage) < 0) {
        return -1;
    }
    http->call->sent = true;
    return stage_of_send(connection, http, passage);
}

static int send_after(PyObject *Py_UNUSED(connection), const Arguments *arguments, Passage *passage, PyObject *Py_UNUSED(result), PyObject *error) {
    HttpExchange *http = (HttpExchange *)passage->state;
    PyObject *data = arguments_get(arguments, 0, "data");
    if (passage->token && PyContextVar_Reset(current, passage->token) < 0) return -1;
    if (is_bytes(data) && (passage->flag || !error) && http_count_sent(http, data) < 0) {
        if (!error) return -1;
        PyErr_Clear(); /* the socket would not take it either */
    }
    if (error) return fail(http, error, false);
    return http->call->slow && !http_request_is_whole(http) ? call_stage(http->call, str_request) : 0;
}

/* ---- receiving ---- */

static int getresponse_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Passage *passage) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    if (!http->started || http->call->has_response) return give_up(http);
    passage->state = (PyObject *)http;
    http->reading = true;
    if (call_stage(http->call, str_response_head) < 0) return -1;
    passage->token = PyContextVar_Set(reading, (PyObject *)http);
    return passage->token ? 0 : -1;
}

static bool has_no_body(HttpExchange *http, PyObject *response, bool chunked) {
    if (http->length != 0) return false;
    PyObject *method = chunked ? attribute(response, str_method) : NULL;
    bool none = !chunked || (method && PyUnicode_Check(method) && PyUnicode_CompareWithASCIIString(method, "HEAD") == 0);
    Py_XDECREF(method);
    return none;
}

static int response_came(HttpExchange *http, PyObject *response) {
    Call *call = http->call;
    long status = (long)attribute_number(response, str_status);
    if (call->has_response || status < 0) return 0;
    bool chunked = attribute_is_true(response, str_chunked), watched = capture_check(call->response);
    keep(&call->error, Py_None); /* what failed while sending did not matter */
    http->length = attribute_number(response, str_length);
    Py_ssize_t come = watched ? capture_body_size(call->response) : -1;
    if (has_no_body(http, response, chunked) || (!chunked && http->length > 0 && come >= http->length)) {
        call->response_size = http->length;
        return call_responded(call, status, NULL) < 0 ? -1 : call_end(call, NULL, true, NULL);
    }
    /* The body may end with the connection: its size is then what comes after the head. */
    if (come >= 0) http->head_size = capture_size(call->response) - come;
    return call_responded(call, status, NULL) < 0 ? -1 : exchange_attach(response, (PyObject *)http);
}

static int getresponse_after(PyObject *Py_UNUSED(connection), const Arguments *Py_UNUSED(arguments), Passage *passage, PyObject *response,
                             PyObject *error) {
    HttpExchange *http = (HttpExchange *)passage->state;
    http->reading = false;
    if (PyContextVar_Reset(reading, passage->token) < 0) return -1;
    return error ? fail(http, error, true) : response_came(http, response);
}

/* SocketIO.readinto: the first that is read while a response's head is awaited is that response's, with all that follows. */
static int readinto_before(PyObject *raw, const Arguments *Py_UNUSED(arguments), Passage *passage) {
    PyObject *http = (PyObject *)http_attached(raw);
    if (!http) {
        if (PyContextVar_Get(reading, NULL, &http) < 0) return -1;
        if (http == Py_None || ((HttpExchange *)http)->watched || exchange_attach(raw, http) < 0) return give_up((HttpExchange *)http);
        ((HttpExchange *)http)->watched = true;
    }
    passage->state = http;
    return 0;
}

static int readinto_after(PyObject *Py_UNUSED(raw), const Arguments *arguments, Passage *passage, PyObject *count, PyObject *error) {
    HttpExchange *http = (HttpExchange *)passage->state;
    Call *call = http->call;
    if (error) return call->has_response ? call_end(call, error, false, NULL) : 0;
    PyObject *buffer = arguments_get(arguments, 0, "b");
    Py_ssize_t size = PyLong_Check(count) ? PyLong_AsSsize_t(count) : -1;
    if (size == 0) http->eof = true;
    return buffer && size > 0 && capture_check(call->response) ? capture_feed(call->response, buffer, size) : 0;
}

/* A connection closed without asking for the response: the call is over. In C, since destructors close connections, and what interrupts them is lost. */
static int close_before(PyObject *connection, const Arguments *Py_UNUSED(arguments), Passage *Py_UNUSED(passage)) {
    HttpExchange *http = http_attached(connection);
    if (!http) return 0;
    bool unanswered = http->own && http->started && !(http->reading || http->call->has_response || http->tunnelling);
    if (unanswered) call_end(http->call, NULL, false, NULL);
    return give_up(http);
}

/* Of HTTPResponse: `after`, in Python, is given (exchange, response), and is called where there is an exchange alone. */
static int response_before(PyObject *response, const Arguments *Py_UNUSED(arguments), Passage *passage) {
    PyObject *http = (PyObject *)http_attached(response);
    if (http) passage->state = PyTuple_Pack(2, http, response);
    Py_XDECREF(http);
    return PyErr_Occurred() ? -1 : 0;
}

/* ---- h11 ---- */

/* Connection.next_event: of what httpcore reads when the user's code iterates over a response. The connection has a weak reference to its exchange, so that a
 * response that is dropped ends its call. */
static int next_event_after(PyObject *connection, const Arguments *Py_UNUSED(arguments), Passage *Py_UNUSED(passage), PyObject *event,
                            PyObject *Py_UNUSED(error)) {
    Call *call = event ? exchange_call_weakly(connection) : NULL;
    int outcome = 0;
    if (call && type_is_named(event, "Data")) {
        PyObject *data = PyObject_GetAttr(event, str_data);
        outcome = data && capture_check(call->response) ? capture_feed(call->response, data, PY_SSIZE_T_MAX) : data ? 0 : -1;
        Py_XDECREF(data);
    } else if (call && type_is_named(event, "EndOfMessage")) {
        outcome = call_end(call, NULL, true, NULL);
    }
    Py_XDECREF((PyObject *)call);
    return outcome;
}

/* ---- registration ---- */

static const NativeHook putrequest = {NULL, putrequest_after}, output = {output_before, output_after}, send_hook = {send_before, send_after},
                        getresponse = {getresponse_before, getresponse_after}, readinto = {readinto_before, readinto_after},
                        close_hook = {close_before, NULL}, response_hook = {response_before, NULL}, next_event = {NULL, next_event_after};

static PyObject *native_with(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *given[4], **const kept[4] = {&rare_start, &rare_body, &rare_connect, &rare_failure};
    if (!PyArg_UnpackTuple(args, "http_client_with", 4, 4, &given[0], &given[1], &given[2], &given[3])) return NULL;
    for (int i = 0; i < 4; i++) keep(kept[i], given[i]);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"http_client_with", native_with, METH_VARARGS, "http_client_with(start, watched_body, connecting, failed)"},
    {NULL, NULL, 0, NULL},
};

int http_hooks_register(PyObject *module) {
    static const struct {
        const char *name;
        const NativeHook *hook;
    } hooks[] = {
        {"connection_putrequest", &putrequest},   {"connection_output", &output},    {"connection_send", &send_hook},
        {"connection_getresponse", &getresponse}, {"connection_close", &close_hook}, {"response_of_exchange", &response_hook},
        {"socket_readinto", &readinto},           {"h11_next_event", &next_event},
    };
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
        if (native_hook_add(module, hooks[i].name, hooks[i].hook) < 0) return -1;
    current = PyContextVar_New("aftercall_call", Py_None);
    reading = PyContextVar_New("aftercall_reading", Py_None);
    if (!current || !reading) return -1;
    Py_INCREF(current);
    return PyModule_AddObject(module, "current", current) < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
