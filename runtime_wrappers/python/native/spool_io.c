/* The few calls of the operating system that the spool's writer makes (SPOOL_FORMAT, "Segments"), apart from `os`: user code may have replaced functions
 * there (monkey-patched open, frozen time), audit hooks of theirs would see ours, and the GIL, held throughout, keeps other threads of this process from
 * renaming a segment while a frame is written. Giving it up for a write of some microseconds would cost the caller a turn of each busy thread (5 ms), so
 * a slow disk is answered otherwise: was_slow() says that one of these calls took longer than is bearable, and the writer stops.
 *
 *     append(path, create, buffers) -> 0, a positive errno, or -1 for a short write
 *     rename(old, new) -> 0 or errno          folder_size(path) -> bytes of the files in the spool, or -errno
 *     was_slow() -> bool, since it was asked last
 *     getpid() -> int       now() -> CLOCK_REALTIME in nanoseconds       span_id() -> 16 hex digits
 */
#define _GNU_SOURCE
#include "native.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SLOW 100000000LL /* nanoseconds, SPOOL_FORMAT's "slow" */
#define BEARABLE 250000000LL /* in slow calls of an invocation: one may be a busy machine's doing */
#define MOST_BUFFERS 32 /* a frame is its lengths, its header and its parts: seven at most */

/* ---- slowness ---- */

static long long waited; /* in slow calls, since it was set back */

static long long monotonic(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void note_slowness(long long began) {
    long long took = monotonic() - began;
    if (took > SLOW) waited += took;
}

bool spool_was_slow(void) {
    return waited > BEARABLE;
}

static PyObject *native_was_slow(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
    bool was = spool_was_slow();
    waited = 0;
    return PyBool_FromLong(was);
}

/* ---- append ---- */

/* A umask of 0777 would have us open it no second time. Looking writes nothing; setting writes the inode, in the journal as well.
 * glibc gave fstat and fstatat new versions in 2.33; the system calls are the same everywhere, and so is their struct on 64 bits. */
static void make_private(int fd) {
    struct stat status;
    if (syscall(SYS_fstat, fd, &status) != 0 || (status.st_mode & 07777) != 0600) (void)fchmod(fd, 0600);
}

static int open_segment(const char *path, int create) {
    int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT | O_EXCL : 0);
    int fd;
    do fd = open(path, flags, 0600);
    while (fd < 0 && errno == EINTR);
    if (create && fd >= 0) make_private(fd);
    return fd;
}

static int write_once(int fd, const struct iovec *vector, int count, ssize_t total) {
    ssize_t written;
    do written = writev(fd, vector, count);
    while (written < 0 && errno == EINTR);
    if (written < 0) return errno;
    return written == total ? 0 : -1;
}

/* Borrowed pointers into the bytes objects of `buffers`. Returns their number, or -1 with an exception set. */
static int gather(PyObject *buffers, struct iovec *vector, ssize_t *total) {
    Py_ssize_t count = PyTuple_Size(buffers);
    if (count < 0) return -1;
    if (count > MOST_BUFFERS) {
        PyErr_Format(PyExc_ValueError, "append takes at most %d buffers, not %zd", MOST_BUFFERS, count);
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        char *data;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PyTuple_GetItem(buffers, i), &data, &size) < 0) return -1;
        vector[i] = (struct iovec){data, (size_t)size};
        *total += size;
    }
    return (int)count;
}

int spool_append(const char *path, int create, const struct iovec *vector, int count, ssize_t total) {
    long long began = monotonic();
    int fd = open_segment(path, create);
    int outcome = fd < 0 ? errno : write_once(fd, vector, count, total);
    if (fd >= 0) close(fd);
    note_slowness(began);
    return outcome;
}

static PyObject *native_append(PyObject *Py_UNUSED(module), PyObject *args) {
    const char *path;
    int create;
    PyObject *buffers;
    if (!PyArg_ParseTuple(args, "ypO:append", &path, &create, &buffers)) return NULL;
    PyObject *tuple = PySequence_Tuple(buffers);
    if (!tuple) return NULL;
    struct iovec vector[MOST_BUFFERS];
    ssize_t total = 0;
    int count = gather(tuple, vector, &total);
    PyObject *outcome = count < 0 ? NULL : PyLong_FromLong(spool_append(path, create, vector, count, total));
    Py_DECREF(tuple);
    return outcome;
}

/* ---- the folder ---- */

static PyObject *native_rename(PyObject *Py_UNUSED(module), PyObject *args) {
    const char *from, *to;
    if (!PyArg_ParseTuple(args, "yy:rename", &from, &to)) return NULL;
    return PyLong_FromLong(rename(from, to) == 0 ? 0 : errno);
}

static long long file_size(int folder, const char *name) {
    struct stat status;
    if (syscall(SYS_newfstatat, folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) return 0;
    return status.st_size;
}

/* What the launcher makes and accepts: a folder of this user's, open to nobody else, not behind a symlink. It says of anything else that
 * nothing is recorded, and there nobody would read. */
static int open_spool(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (syscall(SYS_fstat, fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700) return fd;
    close(fd);
    return -EPERM;
}

static PyObject *native_folder_size(PyObject *Py_UNUSED(module), PyObject *args) {
    const char *path;
    if (!PyArg_ParseTuple(args, "y:folder_size", &path)) return NULL;
    long long began = monotonic();
    int fd = open_spool(path);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0) close(fd);
        return PyLong_FromLong(fd < 0 ? fd : -ENOMEM);
    }
    long long total = 0;
    for (struct dirent *entry; (entry = readdir(folder));) total += file_size(dirfd(folder), entry->d_name);
    closedir(folder);
    note_slowness(began);
    return PyLong_FromLongLong(total);
}

/* ---- process, clock, chance ---- */

static PyObject *native_getpid(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) { return PyLong_FromLong((long)getpid()); }

long long spool_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static PyObject *native_now(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) { return PyLong_FromLongLong(spool_now()); }

/* From the kernel each time: a generator's state would be the same in every environment restored from one snapshot, and in every forked child. */
static PyObject *native_span_id(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored)) {
    static uint64_t drawn;
    uint64_t id = 0;
    if (syscall(SYS_getrandom, &id, sizeof id, 1 /* GRND_NONBLOCK */) != (long)sizeof id) id = (uint64_t)spool_now() ^ ((uint64_t)getpid() << 40) ^ ++drawn;
    if (id == 0) id = 1; /* all zeros means "no span" to OpenTelemetry */
    char text[17];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)id);
    return PyUnicode_FromStringAndSize(text, 16);
}

static PyMethodDef functions[] = {
    {"append", native_append, METH_VARARGS, "append(path: bytes, create: bool, buffers: sequence of bytes) -> 0, a positive errno, or -1 for a short write"},
    {"rename", native_rename, METH_VARARGS, "rename(old: bytes, new: bytes) -> 0 or a positive errno"},
    {"folder_size", native_folder_size, METH_VARARGS, "folder_size(path: bytes) -> bytes of the regular files in it, or a negative errno"},
    {"was_slow", native_was_slow, METH_NOARGS, "was_slow() -> whether calls of more than 100 ms took more than 250 ms in all since this was asked last"},
    {"getpid", native_getpid, METH_NOARGS, "getpid() -> this process, even where os.getpid was replaced"},
    {"now", native_now, METH_NOARGS, "now() -> CLOCK_REALTIME in nanoseconds, even where time was frozen"},
    {"span_id", native_span_id, METH_NOARGS, "span_id() -> 16 lower-case hex digits, never all zeros"},
    {NULL, NULL, 0, NULL},
};

int spool_io_register(PyObject *module) { return PyModule_AddFunctions(module, functions); }
