/* What the files of the module `_native` share: one file a subject, each with an `*_register` that adds its names to the module.
 *
 * Everything here keeps to the limited API of Python 3.9, so that one file serves every Python from 3.9 on, but for the names that
 * tests/runtime_wrappers/python/test_limited_api.py lists with their reasons. Those that some of these Pythons lack are declared weak (NULL there).
 */
#ifndef AFTERCALL_NATIVE_H
#define AFTERCALL_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* In the limited API from 3.10 on, and exported by every Python before. */
PyAPI_FUNC(const char *) PyUnicode_AsUTF8AndSize(PyObject *, Py_ssize_t *);

/* Python 3.9 has no flag against instances made by hand: a type without a public constructor takes this as its tp_new. */
PyObject *not_constructible(PyTypeObject *type, PyObject *args, PyObject *kwargs);

/* Makes a heap type from `spec` and, if `name` is given, adds it to the module. Returns a new reference. */
PyTypeObject *type_from_spec(PyObject *module, PyType_Spec *spec, const char *name);

/* Puts `value` (stolen) where *reference (owned) stood. The limited API has no Py_SETREF. */
void set_reference(PyObject **reference, PyObject *value);

/* The end of a heap type's dealloc: frees `self` and the reference to its type. */
void free_instance(PyObject *self);

/* ---- faults.c: what becomes of an exception raised by our own code ---- */

typedef enum { FAULT_SWALLOWED, FAULT_IS_THE_USERS } fault_verdict;

/* Called with an exception set that a callable of ours has raised. Either it is gone, or it is the user's and is set again, without our frames. */
fault_verdict fault_settle(PyObject *name, PyObject *fault);

/* Where nothing can be raised (in a destructor, or where an exception means "no"), with an exception set or none: the user's is raised as soon as Python code
 * runs again, ours is gone, and counted if there is a name. Leaves no exception set. */
void fault_settle_late(const char *name);
/* The same of what is known to be the user's. */
void fault_deliver_late(void);

/* Our folder, whose frames are taken out of tracebacks: the one that the module was loaded from. */
int faults_register(PyObject *module);

/* Py_buffer entered the limited API in 3.11, with the layout and the functions that all Pythons from 3.0 on have. */
#if Py_LIMITED_API + 0 < 0x030b0000
typedef struct {
    void *buf;
    PyObject *obj;
    Py_ssize_t len, itemsize;
    int readonly, ndim;
    char *format;
    Py_ssize_t *shape, *strides, *suboffsets;
    void *internal;
} Py_buffer;
PyAPI_FUNC(int) PyObject_GetBuffer(PyObject *, Py_buffer *, int);
PyAPI_FUNC(void) PyBuffer_Release(Py_buffer *);
#define PyBUF_SIMPLE 0
#endif

/* Of the C API since 3.7, and never in the limited one. */
PyAPI_FUNC(PyObject *) PyContextVar_New(const char *, PyObject *);
PyAPI_FUNC(int) PyContextVar_Get(PyObject *, PyObject *, PyObject **);
PyAPI_FUNC(PyObject *) PyContextVar_Set(PyObject *, PyObject *);
PyAPI_FUNC(int) PyContextVar_Reset(PyObject *, PyObject *);

/* ---- arguments.c ---- */

/* By vectorcall, since any other call would take one from the recursion depth until 3.11. 3.9 has it, its limited API has not. */
typedef PyObject *(*Vectorcall)(PyObject *, PyObject *const *, size_t, PyObject *);
#define HAVE_VECTORCALL (1UL << 11)
#define OFFSET_FLAG ((size_t)1 << (8 * sizeof(size_t) - 1)) /* PY_VECTORCALL_ARGUMENTS_OFFSET */
PyAPI_FUNC(PyObject *) PyVectorcall_Call(PyObject *, PyObject *, PyObject *);
/* Any callable, on any Python. */
PyObject *call_vector(PyObject *callable, PyObject *const *args, size_t flagged, PyObject *names);

/* Of a call, without the instance: `vector` of `count` with the values of `names` behind them, or else, `tuple` not NULL, tuple and dict. All borrowed; names
 * and dict may be NULL. */
typedef struct {
    PyObject *const *vector;
    Py_ssize_t count;
    PyObject *names, *tuple, *dict;
} Arguments;

/* Borrowed; NULL where it was not given. */
PyObject *arguments_get(const Arguments *arguments, Py_ssize_t index, const char *name);
/* New references. -1 with an exception set, and both NULL. */
int arguments_unpack(const Arguments *arguments, PyObject **tuple, PyObject **dict);
int arguments_register(PyObject *module);

/* ---- hook.c ---- */

/* One call under a hook. All are owned. */
typedef struct {
    PyObject *state;          /* NULL: `after` is not wanted */
    PyObject *second, *third; /* a native hook's own */
    PyObject *args, *kwargs;  /* what a replacing hook has the original called with; NULL: as it came */
    bool flag;                /* a native hook's own */
} Exchange;

/* A hook in this module. Both halves return -1 with an exception set. */
typedef struct {
    int (*before)(PyObject *instance, const Arguments *arguments, Exchange *exchange); /* NULL: the state is the instance */
    int (*after)(Exchange *exchange, PyObject *result, PyObject *error);               /* or NULL; one of result and error is NULL */
    bool replaces;                                                                     /* as in Hook */
} NativeHook;

typedef struct {
    PyObject_HEAD
    PyObject *name, *before, *after, *fault;
    const NativeHook *native; /* or NULL */
    bool awaits, replaces;
} Hook;

/* Fills *exchange and runs `before`. -1: an exception of the user's is set, and *exchange is empty. */
int exchange_begin(Hook *hook, PyObject *instance, const Arguments *arguments, Exchange *exchange);

/* Runs `after`. *result is the owned result, or NULL with the original's exception set; it may be replaced, and becomes NULL only with an exception set. */
void exchange_end(Hook *hook, Exchange *exchange, PyObject **result);
void exchange_clear(Exchange *exchange);
int exchange_visit(Exchange *exchange, visitproc visit, void *arg);

/* Like awaitable_new: `inner` under the hook. */
PyObject *hook_awaitable(Hook *hook, PyObject *instance, Exchange *exchange, PyObject *inner);
bool hook_check(PyObject *object);
int hook_register(PyObject *module);

/* ---- native_hook.c ---- */

typedef struct {
    const char *name;
    const NativeHook *hook;
} NamedHook;

/* What Hook takes for `before`; `native` stays where it is. */
PyObject *native_hook_object(const NativeHook *native);
const NativeHook *native_hook_of(PyObject *object); /* NULL if it is not one */
int native_hooks_add(PyObject *module, const NamedHook *hooks, size_t count);
int native_hook_register(PyObject *module);

/* ---- hooked.c ---- */

int hooked_register(PyObject *module);

/* ---- awaitable.c: a coroutine stands in for another one ---- */

/* Who watches an awaitable. `begin` runs at the first step (-1: exception set); `end` once, with *result or an exception as in exchange_end. */
typedef struct {
    int (*begin)(PyObject *watcher, PyObject *instance, Exchange *exchange);
    void (*end)(PyObject *watcher, Exchange *exchange, PyObject **result);
} Watch;

/* A new awaitable over `inner`, or `inner` itself where that cannot be awaited. `exchange` is moved in (NULL: an empty one); the rest is borrowed.
 * `instance` is what `begin` will be given; NULL means that there is nothing left to begin. */
PyObject *awaitable_new(const Watch *watch, PyObject *watcher, PyObject *instance, Exchange *exchange, PyObject *inner);
int awaitable_register(PyObject *module);

/* ---- context.c ---- */

int context_register(PyObject *module);

/* ---- capture.c ---- */

/* Feeds any bytes-like object, `limit` bytes of it at most (-1: all). -1 with an exception set if it is not bytes-like. */
int capture_feed(PyObject *capture, PyObject *data, Py_ssize_t limit);
int capture_feed_bytes(PyObject *capture, const char *data, Py_ssize_t size);
/* A wire capture with the process's limit. */
PyObject *capture_wire(void);
Py_ssize_t capture_size(PyObject *capture); /* all bytes fed */
/* Wire: bytes fed after the heads; -1 where their end was not seen, or some was taken. */
Py_ssize_t capture_body_size(PyObject *capture);
void capture_end(PyObject *capture);
/* What was gathered since the last take: to be freed by the caller. */
char *capture_take(PyObject *capture, Py_ssize_t *size);
bool capture_check(PyObject *object);
int capture_register(PyObject *module);

/* ---- clock.c ---- */

long long spool_now(void); /* CLOCK_REALTIME in nanoseconds */
int clock_register(PyObject *module);

/* ---- json_text.c ---- */

typedef struct {
    char *data;
    size_t size, capacity;
    bool failed; /* no memory: what is in it is of no use */
    char room[1024];
} Text;

void text_begin(Text *text);
void text_end(Text *text);
void text_put(Text *text, const char *data, size_t size);
void text_string(Text *text, const char *string);
void text_number(Text *text, long long number);
void text_hex(Text *text, uint64_t number);                              /* 16 digits */
void text_quoted(Text *text, PyObject *string, Py_ssize_t most);         /* a str, its first `most` characters */
void text_field(Text *text, const char *name, PyObject *string, Py_ssize_t most); /* ,"name":"string" */
int fields_register(PyObject *module);

/* ---- frames.c ---- */

#define MOST_FRAMES 2
#define MOST_PARTS 8

typedef struct {
    const char *name;
    PyObject *owner; /* of `data`, or NULL */
    char *taken;     /* to be freed, or NULL */
    const char *data;
    size_t size;
} Part;

typedef struct {
    const char *kind;
    size_t text, text_size, payload; /* where its lengths and header stand in the text */
    int first_part, parts;
} Frame;

/* Frames that are written together. */
typedef struct {
    Text text;
    int count, parts;
    Frame frame[MOST_FRAMES];
    Part part[MOST_PARTS];
} Frames;

void frames_begin(Frames *frames);
void frames_end(Frames *frames);
void frame_open(Frames *frames, const char *kind, long long time, PyObject *request_id);
void frame_part(Frames *frames, Part part); /* takes over owner and memory; an empty part is left out */
/* The first `most` bytes of bytes or of an ASCII str, not copied. Sets an exception if it is neither. */
void frame_part_of(Frames *frames, const char *name, PyObject *data, Py_ssize_t most);
bool frame_close(Frames *frames);    /* false: the header is too long, and the frame is gone */
size_t frame_drop(Frames *frames);   /* the frame that is open goes; returns the bytes of its parts */
size_t frames_room(const Frames *frames);    /* what they take in a segment */
size_t frames_largest(const Frames *frames); /* of what is put at once */

/* ---- segment.c ---- */

#define MOST_PATH 1024

enum { SPOOL_SHORT = -1, SPOOL_OFF = -2, SPOOL_UNREAD = -3 };

/* Of this process, or its parent's until it is asked for the first time after a fork. */
typedef struct {
    char folder[MOST_PATH], path[MOST_PATH + 96];
    char *map;                /* NULL without a segment, and where it is written by plain writes */
    size_t size;              /* 0: there is none */
    uint32_t base, committed; /* positions */
    long pid;
    long long start;
    unsigned long long number;
    size_t unlooked;  /* bytes written since the folder was looked at */
    long long waited; /* nanoseconds in slow steps of this invocation */
    bool bell_is_gone;
} Segment;

/* Bytes that are one frame. */
typedef struct {
    const char *data;
    size_t size;
} Blob;

/* Where the next bytes of a segment go. */
typedef struct {
    Segment *segment;
    int fd; /* or -1 */
    size_t at;
    int error;
} Pen;

static inline size_t aligned(size_t size) { return (size + 7) & ~(size_t)7; }
void pen_put(Pen *pen, const void *data, size_t size);
void pen_align(Pen *pen);
void frames_put(const Frames *frames, Pen *pen);

/* Commits frames, `drops` (if it has a size) before them, and `process` before both where the segment begins. 0, a positive errno, or one of SPOOL_*. */
int segment_write(Segment *segment, Blob process, Blob drops, const Frames *frames);
bool segment_was_slow(const Segment *segment); /* in this invocation */
bool segment_is_ours(const Segment *segment);
void segment_begin_process(Segment *segment);
void segment_begin_invocation(Segment *segment);
void segment_ring(Segment *segment);
void segment_give_up(Segment *segment);

/* ---- writer.c: of the writer in use ---- */

/* 1, 0 (lost, and counted), or -1 with an exception set. */
int writer_finish_frame(Frames *frames);
int writer_write(const Frames *frames);
bool writer_takes_parts(void);
PyObject *writer_request_id(void); /* borrowed; NULL without a writer */
long long writer_start(void);
uint64_t writer_span_id(void);
void writer_count_fault(const char *name);
int writer_register(PyObject *module);

/* ---- call.c, call_type.c ---- */

#define SIZE_UNKNOWN (-1)
#define PART_REQUEST_WIRE "request_wire"
#define PART_RESPONSE_WIRE "response_wire"
/* Compared by address. */
extern const char STAGE_CONNECT[], STAGE_DNS[], STAGE_PROXY[], STAGE_QUEUE[], STAGE_REQUEST[], STAGE_RESPONSE_BODY[], STAGE_RESPONSE_HEAD[], STAGE_TLS[];

typedef struct {
    PyObject_HEAD
    PyObject *library, *method, *url, *proxy, *request_id; /* all but `proxy` are str */
    PyObject *request, *response;                           /* Capture or None */
    PyObject *error;                                        /* None, an exception, or (type name, message) */
    const char *request_part, *response_part;
    const char *stage; /* NULL before the first */
    long long time, process, request_size, response_size;
    uint64_t span_id;
    char bodies, decoded, written, ended, has_response, sent, slow, moved;
} Call;

/* Begins now; nothing is written yet. NULL with TypeError if `library` or `url` is not a str. */
PyObject *call_new(PyObject *library, PyObject *method, PyObject *url, PyObject *proxy, bool bodies);
/* All return -1 with an exception set; what could not be written is counted, and is not an error. */
int call_stage(Call *self, const char *stage);
/* `heads`: a tuple of (name, bytes), or NULL. */
int call_responded(Call *self, int status, PyObject *heads);
int call_responded_whole(Call *self, int status, PyObject *heads); /* the body came with the head: that is the end too */
int call_end(Call *self, PyObject *error, bool complete, PyObject *heads);
int call_body_failed(Call *self, PyObject *error);
void call_target(Call *self, PyObject *method, PyObject *url);
void call_describe_with(PyObject *function);
bool call_check(PyObject *object);
int call_register(PyObject *module);

/* ---- begin.c ---- */

/* A new Call; None if it is not recorded; NULL with an exception set. `proxy` may be NULL. */
PyObject *call_begin(PyObject *library, PyObject *method, PyObject *url, PyObject *host, PyObject *port, PyObject *proxy);
int begin_register(PyObject *module);

/* ---- http_exchange.c ---- */

typedef struct {
    PyObject_HEAD
    Call *call;                /* owned, never NULL */
    PyObject *pending;         /* sent before there is a connection that it can cross; or NULL */
    long long length, chunks;  /* of the response's body: announced by Content-Length (or SIZE_UNKNOWN), by chunks */
    long long head_size;       /* of the response, where its body ends with the connection */
    char own, started, tunnelling, reading, closing, body_done, measuring, head_sent, chunked_request;
} HttpExchange;

HttpExchange *http_exchange_new(PyObject *call, bool own);
/* `exchange` may be any library's; NULL or None takes it off. */
int exchange_attach(PyObject *holder, PyObject *exchange);
/* New references, or NULL without an exception. */
PyObject *exchange_attached(PyObject *holder);
HttpExchange *http_attached(PyObject *holder);
int http_count_sent(HttpExchange *exchange, PyObject *data);
int http_count_pending(HttpExchange *exchange);
int http_exchange_register(PyObject *module);

/* ---- http_connection.c, http_response.c ---- */

/* The ContextVars: the call that connects in this context, the exchange whose response head is read. */
extern PyObject *http_current, *http_reading;
int http_connection_register(PyObject *module);
int http_response_register(PyObject *module);

/* ---- tee_readinto.c ---- */

/* As tee_readinto() for Python code; `failed` may be a Call. */
int tee_readinto(PyObject *raw, PyObject *capture, PyObject *failed, PyObject *fault);

/* ---- tee_readinto.c, tee_iterable.c, run_main.c ---- */

int tee_readinto_register(PyObject *module);
int tee_iterable_register(PyObject *module);
int run_main_register(PyObject *module);

#endif
