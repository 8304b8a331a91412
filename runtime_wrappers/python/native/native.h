/* What the files of the module `_native` share. A map of them, with what each saves a call of http.client (of which all of ours takes some 13 us) beside
 * the same in Python:
 *
 *     call.c text.c frames.c        the frames that tell of a call: 9 us
 *     http_hooks.c http_exchange.c  what every call of http.client and httpcore passes, and the bytes on the wire: 4 us and more
 *     capture.c                     the first bytes of a body: 2 us
 *     hook.c hooked.c arguments.c   a hook that leaves no frame in a traceback and takes no level of recursion; it saves no time
 *     awaitable.c                   the same around a coroutine
 *     writer.c segment.c            a frame into the mapped segment: 1 us, in one step that nothing interrupts and no audit hook hears
 *     faults.c                      what becomes of an exception inside our own code, and of one that is not ours
 *     run_main.c                    the bootstrap as the main program, with no frame of ours below it
 *     object.c module.c             the types of all these, and the module
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

/* 3.9 has vectorcall, its limited API has not. */
PyAPI_FUNC(PyObject *) PyVectorcall_Call(PyObject *, PyObject *, PyObject *);
typedef PyObject *(*Vectorcall)(PyObject *, PyObject *const *, size_t, PyObject *);
#define HAVE_VECTORCALL (1UL << 11)
#define OFFSET_FLAG ((size_t)1 << (8 * sizeof(size_t) - 1)) /* PY_VECTORCALL_ARGUMENTS_OFFSET */

#define SIZE_UNKNOWN (-1)

/* Interned, as str_... */
/* clang-format off */
#define NAMES(X) \
    X(aftercall, "_aftercall") X(await, "__await__") X(call, "call") X(call_type, "Call.__del__") X(chunked, "chunked") \
    X(class, "__class__") X(close, "close") X(cr_await, "cr_await") X(data, "data") X(ending, "Ending.__del__") X(length, "length") X(method, "_method") \
    X(name, "__name__") X(next, "__next__") X(qualname, "__qualname__") X(request, "request") X(request_wire, "request_wire") \
    X(response_body, "response_body") X(response_head, "response_head") X(response_wire, "response_wire") X(send, "send") X(slow, "slow") X(sock, "sock") \
    X(status, "status") X(throw, "throw") X(value, "value")
/* clang-format on */
#define DECLARE(id, text) extern PyObject *str_##id;
NAMES(DECLARE)

/* ---- object.c ---- */

/* A type of ours. Its objects begin with OBJECT_HEAD and, right behind it, `held` references. */
typedef struct {
    const char *name; /* _native.... */
    int size, held;
    newfunc make; /* NULL: it has no public constructor, and is not in the module */
    void (*end)(PyObject *, bool last);
    unsigned flags;
    bool has_weakrefs;
    const PyType_Slot *slots;
    PyTypeObject *type;
} Kind;
#define OBJECT_HEAD PyObject_HEAD const Kind *kind;

int kind_register(PyObject *module, Kind *kind);
PyObject *object_new(const Kind *kind); /* all zeros behind its head */
PyObject *object_of_type(const Kind *kind, PyTypeObject *type);

/* Puts `value` where *reference (owned) stood: set_reference takes it over, keep takes a reference of its own. The limited API has no Py_SETREF. */
void set_reference(PyObject **reference, PyObject *value);
void keep(PyObject **reference, PyObject *value);

/* An attribute of somebody else's object that may be missing, or be anything. They leave no exception set. */
PyObject *attribute(PyObject *object, PyObject *name); /* a new reference, or NULL */
bool attribute_is(PyObject *object, PyObject *name, PyObject *what);
bool attribute_is_true(PyObject *object, PyObject *name);
long long attribute_number(PyObject *object, PyObject *name); /* SIZE_UNKNOWN for all but an int */
bool type_is_named(PyObject *object, const char *name);

/* ---- faults.c: what becomes of an exception raised by our own code ---- */

/* The exception that is set, with its traceback in it; all NULL without one. */
typedef struct {
    PyObject *type, *value, *traceback;
} Raised;
Raised raised_take(void);
void raised_again(Raised raised);
void raised_drop(Raised raised);

typedef enum { FAULT_SWALLOWED, FAULT_IS_THE_USERS } fault_verdict;

/* Called with an exception set that a callable of ours has raised. Either it is gone, and counted if there is a name, or it is the user's and is set again,
 * without our frames. */
fault_verdict fault_settle(PyObject *name);

/* Where nothing can be raised (in a destructor, or where an exception means "no"), with an exception set or none: the user's is raised as soon as Python code
 * runs again, ours is gone. Leaves no exception set. */
void fault_settle_late(PyObject *name);
/* The same of what is known to be the user's. */
void fault_deliver_late(void);

int truth_of(PyObject *answer); /* 1, 0, or -1 with an exception set; gives up the reference, which may be NULL */
int faults_register(PyObject *module);

/* ---- arguments.c ---- */

/* Of a function under a hook, without the instance: `vector` of `count` with the values of `names` behind them, or else, `tuple` not NULL, tuple and dict.
 * `front`: the instance stands in vector[-1]. All borrowed; names and dict may be NULL. */
typedef struct {
    PyObject *const *vector;
    Py_ssize_t count, front;
    PyObject *names, *tuple, *dict;
} Arguments;

/* Borrowed; NULL where it was not given. */
PyObject *arguments_get(const Arguments *arguments, Py_ssize_t index, const char *name);
/* New references. -1 with an exception set, and both NULL. */
int arguments_unpack(const Arguments *arguments, PyObject **tuple, PyObject **dict);
/* Calls the function with them, or (args not NULL) with args and kwargs in their place. */
PyObject *arguments_call(PyObject *function, const Arguments *arguments, PyObject *args, PyObject *kwargs);

/* ---- hook.c ---- */

/* What one call of a hooked function carries from `before` to `after`. All are owned. */
typedef struct {
    PyObject *state;         /* NULL: `after` is not wanted */
    PyObject *token;         /* a native hook's own */
    PyObject *args, *kwargs; /* what the original is called with instead; NULL: as it came */
    bool flag;               /* a native hook's own */
} Passage;

/* A hook in this module. Both halves return -1 with an exception set. Without a `before` the state is the instance. */
typedef struct {
    int (*before)(PyObject *instance, const Arguments *arguments, Passage *passage);
    int (*after)(PyObject *instance, const Arguments *arguments, Passage *passage, PyObject *result,
                 PyObject *error); /* one of the last two is NULL */
} NativeHook;

typedef struct {
    OBJECT_HEAD
    PyObject *name, *before, *after;
    const NativeHook *native; /* or NULL */
    bool awaits, replaces;
} Hook;
extern Kind hook_kind;

/* Fills *passage and runs `before`. -1: an exception of the user's is set, and *passage is empty. */
int hook_enter(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage);
/* Runs `after`. *result is the owned result, or NULL with the original's exception set; it may be replaced, and becomes NULL only with an exception set. */
void hook_leave(Hook *hook, PyObject *instance, const Arguments *arguments, Passage *passage, PyObject **result);
void passage_clear(Passage *passage);
/* The whole of it, around `function`. */
PyObject *hook_run(Hook *hook, PyObject *function, PyObject *instance, const Arguments *arguments);
int native_hook_add(PyObject *module, const char *name, const NativeHook *hook);
int hook_register(PyObject *module);

int hooked_register(PyObject *module); /* hooked.c */

/* ---- awaitable.c ---- */

/* An awaitable over `inner`, or `inner` itself where that cannot be awaited. Takes over inner and passage; `instance` NULL means that `before` has run. */
PyObject *awaitable_new(Hook *hook, PyObject *instance, Passage *passage, PyObject *inner);
int awaitable_register(PyObject *module);

/* ---- capture.c ---- */

/* Feeds any bytes-like object, `limit` bytes of it at most. -1 with an exception set if it is not bytes-like. */
int capture_feed(PyObject *capture, PyObject *data, Py_ssize_t limit);
int capture_feed_bytes(PyObject *capture, const char *data, Py_ssize_t size);
PyObject *capture_wire(void);               /* with the process's limit */
Py_ssize_t capture_size(PyObject *capture); /* all bytes fed */
/* Wire: bytes fed after the heads; -1 where their end was not seen, or some was taken. */
Py_ssize_t capture_body_size(PyObject *capture);
/* What was gathered since the last take: to be freed by the caller. */
char *capture_take(PyObject *capture, Py_ssize_t *size);
bool capture_check(PyObject *object);
bool capture_is_wire(PyObject *capture);
int capture_register(PyObject *module);

/* ---- text.c ---- */

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
void text_hex(Text *text, uint64_t number);                                       /* 16 digits */
void text_quoted(Text *text, PyObject *string, Py_ssize_t most);                  /* a str, its first `most` characters */
void text_field(Text *text, const char *name, PyObject *string, Py_ssize_t most); /* ,"name":"string" */

/* ---- frames.c ---- */

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
    Text text; /* its lengths and its header */
    size_t payload;
    int parts;
    Part part[MOST_PARTS];
} Frame;

void frame_begin(Frame *frame, const char *kind, long long time, PyObject *request_id);
void frame_end(Frame *frame);
void frame_part(Frame *frame, Part part); /* takes over owner and memory; an empty part is left out */
/* The first `most` bytes of bytes or of an ASCII str, not copied. Sets an exception if it is neither. */
void frame_part_of(Frame *frame, const char *name, PyObject *data, Py_ssize_t most);
bool frame_close(Frame *frame);           /* false: the header is too long */
size_t frame_largest(const Frame *frame); /* of what is put at once */

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
void frame_put(const Frame *frame, Pen *pen);

/* Commits `frame` (or NULL), `drops` (if it has a size) before it, and `process` before both where the segment begins. 0, a positive errno, or one of
 * SPOOL_*. */
int segment_write(Segment *segment, Blob process, Blob drops, const Frame *frame);
bool segment_was_slow(const Segment *segment); /* in this invocation */
bool segment_is_ours(const Segment *segment);
void segment_begin_process(Segment *segment);
void segment_begin_invocation(Segment *segment);
void segment_ring(Segment *segment);
void segment_give_up(Segment *segment);

/* ---- writer.c: of the writer in use ---- */

int writer_write(Frame *frame); /* 1, 0 (lost, and counted), or -1 with an exception set */
bool writer_takes_parts(void);
PyObject *writer_request_id(void); /* borrowed; NULL without a writer */
long long writer_start(void);
uint64_t writer_span_id(void);
int writer_register(PyObject *module);

/* ---- call.c ---- */

typedef struct {
    OBJECT_HEAD
    PyObject *library, *method, *url, *proxy, *request_id; /* all but `proxy` are str */
    PyObject *request, *response;                          /* Capture or None */
    PyObject *request_part, *response_part;                /* str: what their bytes are */
    PyObject *error;                                       /* None, an exception, or (type name, message) */
    PyObject *stage;                                       /* NULL before the first */
    long long time, process, request_size, response_size;
    uint64_t span_id;
    char bodies, decoded, written, ended, has_response, sent, slow, moved;
} Call;

/* All return -1 with an exception set; what could not be written is counted, and is not an error. */
int call_stage(Call *self, PyObject *stage);
int call_responded(Call *self, long status, PyObject *heads); /* heads: a tuple of (name, bytes), or NULL */
int call_end(Call *self, PyObject *error, bool complete, PyObject *heads);
bool call_check(PyObject *object);
int call_register(PyObject *module);

/* ---- http_exchange.c ---- */

typedef struct {
    OBJECT_HEAD
    Call *call;
    long long length, chunks, head_size; /* of the response's body: announced by Content-Length (or SIZE_UNKNOWN), by chunks; of its head */
    long long announced;                 /* of the request's body */
    char own, started, tunnelling, reading, watched, eof, body_done, measuring, head_sent, chunked_request, request_done;
} HttpExchange;

/* `exchange` may be any library's; NULL or None takes it off. */
int exchange_attach(PyObject *holder, PyObject *exchange);
/* New references, or NULL without an exception: what is on the holder, if its call runs; the call that an exchange on the holder, held weakly, is about. */
PyObject *exchange_attached(PyObject *holder);
HttpExchange *http_attached(PyObject *holder);
Call *exchange_call_weakly(PyObject *holder);
int http_count_sent(HttpExchange *exchange, PyObject *data);
bool http_request_is_whole(const HttpExchange *exchange);
int http_exchange_register(PyObject *module);

int http_hooks_register(PyObject *module); /* http_hooks.c */

int run_main_register(PyObject *module); /* run_main.c */

long long spool_now(void); /* module.c: CLOCK_REALTIME in nanoseconds */

#endif
