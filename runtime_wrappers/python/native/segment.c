/* The segment of this process: a file of the spool that stays mapped (SPOOL_FORMAT, "A segment"). Nothing here runs Python code, so that no other thread and
 * no signal handler comes in between two steps. The system calls are not those of `os`: user code may have replaced them, and audit hooks would hear ours. The
 * GIL is held throughout: giving it up for some microseconds would cost the caller a turn of each busy thread (5 ms). A slow disk is answered otherwise:
 * segment_was_slow() says that what was done here took longer than is bearable, and the writer stops.
 */
#define _GNU_SOURCE
#include "native.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HEAD 64
#define SPARE_SIZE 262144
#define SIZE_UNIT 65536   /* of larger ones */
#define DOUBLED (4 << 20) /* bytes of frames; larger ones have no room for a second beside them */
#define MOST_SPARES 4
#define LARGE 16384 /* to touch fresh pages costs eight times what a write of them costs */

#define UNREAD_BYTES (64LL << 20)
#define LOOK_BYTES (1 << 20) /* written by us since the folder was last looked at, before it is looked at again */
#define SLOW 100000000LL     /* nanoseconds */
#define BEARABLE 250000000LL /* in slow steps of an invocation: one may be a busy machine's doing */

#define NEVER_ANOTHERS (O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)

/* Offsets of the head's words. */
enum { COMMITTED = 8, BASE = 12, CLOSED = 16, TAKEN = 32, OFF = 44 };
enum { FINISHED = 1, SPOILT = 2 };

static const char MAGIC[8] = "aftcall\2", ZEROS[4096];

/* ---- slowness ---- */

/* Its ticks are some milliseconds, and it costs a tenth of a precise one. */
static long long ticks(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void note_slowness(Segment *segment, long long began) {
    long long took = ticks() - began;
    if (took > SLOW) segment->waited += took;
}

bool segment_was_slow(const Segment *segment) { return segment->waited > BEARABLE; }

/* ---- the file ---- */

static int reopen(const Segment *segment, int flags) {
    int fd;
    do fd = open(segment->path, flags | NEVER_ANOTHERS);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* 0, a positive errno, or SPOOL_SHORT. */
static int write_at(int fd, const void *data, size_t size, size_t offset) {
    ssize_t written;
    do written = pwrite(fd, data, size, (off_t)offset);
    while (written < 0 && errno == EINTR);
    return written < 0 ? errno : (size_t)written == size ? 0 : SPOOL_SHORT;
}

static void store(const Segment *segment, size_t word, uint32_t value) {
    if (segment->map) {
        __atomic_store_n((uint32_t *)(void *)(segment->map + word), value, __ATOMIC_RELEASE);
        return;
    }
    int fd = reopen(segment, O_WRONLY);
    if (fd < 0) return;
    (void)write_at(fd, &value, sizeof value, word);
    close(fd);
}

static uint32_t load(const Segment *segment, size_t word) {
    if (segment->map) return __atomic_load_n((uint32_t *)(void *)(segment->map + word), __ATOMIC_ACQUIRE);
    uint32_t value = 0;
    int fd = reopen(segment, O_RDONLY);
    if (fd < 0) return word == OFF; /* it is gone */
    if (pread(fd, &value, sizeof value, (off_t)word) != (ssize_t)sizeof value) value = 0;
    close(fd);
    return value;
}

/* In a forked child the file is its parent's: nothing is stored there. */
static void forget(Segment *segment) {
    if (segment->map) munmap(segment->map, segment->size);
    segment->map = NULL;
    segment->size = 0;
}

static void leave(Segment *segment, uint32_t closed) {
    if (segment->size) store(segment, CLOSED, closed);
    forget(segment);
}

/* ---- a new one ---- */

/* glibc gave fstat and fstatat new versions in 2.33; the system calls are the same everywhere, and so is their struct on 64 bits. */
static bool status_of(int fd, struct stat *status) { return syscall(SYS_fstat, fd, status) == 0; }

static long long file_size(int folder, const char *name) {
    struct stat status;
    if (syscall(SYS_newfstatat, folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) return 0;
    return status.st_size;
}

/* What the launcher makes and accepts: a folder of this user's, open to nobody else, not behind a symlink. It says of anything else that
 * nothing is recorded, and there nobody would read. */
static int open_folder(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return fd;
    if (status_of(fd, &status) && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700) return fd;
    close(fd);
    return -1;
}

static int look_at_folder(Segment *segment) {
    if (segment->unlooked < LOOK_BYTES) return 0;
    int fd = open_folder(segment->folder);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0) close(fd);
        return SPOOL_OFF;
    }
    long long total = 0;
    for (struct dirent *entry; (entry = readdir(folder));) total += file_size(dirfd(folder), entry->d_name);
    closedir(folder);
    if (total > UNREAD_BYTES) return SPOOL_UNREAD;
    segment->unlooked = 0;
    return 0;
}

static void name_next(Segment *segment) {
    segment->number++;
    snprintf(segment->path, sizeof segment->path, "%s/%ld-%lld-%llu.segment", segment->folder, (long)segment->pid, segment->start, segment->number);
}

static bool is_spare(int fd) {
    struct stat status;
    char head[HEAD];
    return status_of(fd, &status) && S_ISREG(status.st_mode) && status.st_size == SPARE_SIZE && pread(fd, head, HEAD, 0) == HEAD &&
           memcmp(head, MAGIC, sizeof MAGIC) == 0 && memcmp(head + sizeof MAGIC, ZEROS, HEAD - sizeof MAGIC) == 0;
}

/* A descriptor, or -1: there is none. */
static int take_spare(Segment *segment) {
    char spare[sizeof segment->folder + 16];
    for (int k = 1; k <= MOST_SPARES; k++) {
        snprintf(spare, sizeof spare, "%s/%d.spare", segment->folder, k);
        if (rename(spare, segment->path) != 0) continue;
        int fd = reopen(segment, O_RDWR);
        if (fd >= 0 && is_spare(fd)) return fd;
        if (fd >= 0) {
            unlink(segment->path);
            close(fd);
        } else {
            rename(segment->path, spare); /* no descriptor is left: it is for whoever has one */
        }
    }
    return -1;
}

/* Whatever the umask: it is opened again. Looking writes nothing; setting writes the inode, in the journal as well. */
static void make_private(int fd) {
    struct stat status;
    if (!status_of(fd, &status) || (status.st_mode & 07777) != 0600) (void)fchmod(fd, 0600);
}

/* To store into space that the disk does not have is a SIGBUS. */
static int reserve(int fd, size_t size) {
    if (fallocate(fd, 0, 0, (off_t)size) == 0) return 0;
    int error = errno;
    if (error != EOPNOTSUPP && error != ENOSYS) return error;
    error = 0;
    for (size_t at = 0; at < size && !error; at += sizeof ZEROS) error = write_at(fd, ZEROS, sizeof ZEROS, at);
    return error;
}

static int make(Segment *segment, size_t size, int *made) {
    int fd = -1;
    for (int tries = 0; fd < 0; tries++) {
        fd = open(segment->path, O_RDWR | O_CREAT | O_EXCL | NEVER_ANOTHERS, 0600);
        if (fd >= 0 || errno == EINTR) continue;
        if (errno != EEXIST || tries == 1000) return errno == ENOENT || errno == ENOTDIR ? SPOOL_OFF : errno;
        name_next(segment);
    }
    make_private(fd);
    int error = reserve(fd, size);
    if (!error) error = write_at(fd, MAGIC, sizeof MAGIC, 0);
    if (error) {
        unlink(segment->path);
        close(fd);
    } else {
        *made = fd;
    }
    return error;
}

/* Whoever hands over one large frame, an event, will hand over another, the response. */
static size_t size_for(size_t needed) {
    size_t whole = HEAD + (needed <= DOUBLED ? 2 * needed : needed);
    return HEAD + needed <= SPARE_SIZE ? SPARE_SIZE : (whole + SIZE_UNIT - 1) / SIZE_UNIT * SIZE_UNIT;
}

static int begin(Segment *segment, size_t needed) {
    size_t size = size_for(needed);
    int error = look_at_folder(segment);
    if (error) return error;
    name_next(segment);
    int fd = size == SPARE_SIZE ? take_spare(segment) : -1;
    if (fd < 0) error = make(segment, size, &fd);
    if (error) return error;
    char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd); /* a held one would end in the user's own file, where their code closes descriptors that it does not know */
    segment->map = map == MAP_FAILED ? NULL : map; /* then by plain writes */
    segment->size = size;
    segment->base = segment->committed = 0;
    return 0;
}

/* ---- frames ---- */

void pen_put(Pen *pen, const void *data, size_t size) {
    if (pen->error == 0 && pen->fd >= 0 && (size > LARGE || !pen->segment->map))
        pen->error = write_at(pen->fd, data, size, pen->at);
    else if (pen->error == 0 && pen->segment->map && size)
        memcpy(pen->segment->map + pen->at, data, size);
    pen->at += size;
}

void pen_align(Pen *pen) { pen_put(pen, ZEROS, aligned(pen->at) - pen->at); }

static void put_blob(Pen *pen, Blob blob) {
    pen_put(pen, blob.data, blob.size);
    pen_align(pen);
}

static bool is_at_beginning(const Segment *segment) { return segment->base == segment->committed; }

/* The reader has done with everything: the same pages once more. */
static void begin_again(Segment *segment) {
    if (is_at_beginning(segment) || load(segment, TAKEN) != segment->committed) return;
    segment->base = segment->committed;
    store(segment, BASE, segment->base);
}

static bool fits(const Segment *segment, size_t size, size_t first) {
    size_t offset = HEAD + (size_t)(uint32_t)(segment->committed - segment->base);
    return segment->size && offset + size + (is_at_beginning(segment) ? first : 0) <= segment->size;
}

/* The full one is kept until there is another: where the disk is full, it is begun again once the reader has taken it. */
static int move_on(Segment *segment, size_t needed) {
    Segment full = *segment;
    int error = begin(segment, needed);
    if (!error) {
        leave(&full, FINISHED);
        return 0;
    }
    full.number = segment->number; /* no number is used twice */
    *segment = full;
    return error;
}

static int make_room(Segment *segment, size_t size, size_t first) {
    if (fits(segment, size, first)) return 0;
    if (!segment->size) return begin(segment, size + first);
    begin_again(segment);
    return fits(segment, size, first) ? 0 : move_on(segment, size + first);
}

static int write_frame(Segment *segment, Blob process, Blob drops, const Frame *frame) {
    int error = make_room(segment, aligned(drops.size) + (frame ? aligned(frame->text.size + frame->payload) : 0), aligned(process.size));
    if (error) return error;
    Pen pen = {segment, -1, HEAD + (size_t)(uint32_t)(segment->committed - segment->base), 0};
    size_t began = pen.at;
    if (!segment->map || (frame && frame_largest(frame) > LARGE)) pen.fd = reopen(segment, O_WRONLY);
    if (!segment->map && pen.fd < 0) pen.error = errno;
    if (is_at_beginning(segment)) put_blob(&pen, process);
    put_blob(&pen, drops);
    if (frame) frame_put(frame, &pen);
    if (pen.fd >= 0) close(pen.fd);
    if (pen.error) {
        leave(segment, SPOILT);
        return pen.error;
    }
    segment->unlooked += pen.at - began;
    segment->committed += (uint32_t)(pen.at - began);
    store(segment, COMMITTED, segment->committed); /* last: before it, nothing of this is seen */
    return 0;
}

int segment_write(Segment *segment, Blob process, Blob drops, const Frame *frame) {
    long long began = ticks();
    int error = write_frame(segment, process, drops, frame);
    note_slowness(segment, began);
    return error;
}

/* ---- processes and invocations ---- */

bool segment_is_ours(const Segment *segment) { return segment->pid == getpid(); }

void segment_begin_process(Segment *segment) {
    forget(segment);
    segment->pid = getpid();
    segment->start = spool_now();
    segment->number = 0;
    segment->unlooked = LOOK_BYTES;
    segment->waited = 0;
    segment->bell_is_gone = false;
}

void segment_give_up(Segment *segment) {
    if (segment_is_ours(segment)) leave(segment, FINISHED);
}

void segment_begin_invocation(Segment *segment) {
    segment->waited = 0; /* that was the earlier one's */
    if (!segment->size || !segment_is_ours(segment)) return;
    if (segment->bell_is_gone || access(segment->path, F_OK) != 0 || load(segment, OFF) != 0)
        leave(segment, FINISHED);
    else
        begin_again(segment);
    segment->bell_is_gone = false;
}

void segment_ring(Segment *segment) {
    char bell[sizeof segment->folder + 8];
    if (!segment->size || !segment_is_ours(segment)) return;
    long long began = ticks();
    snprintf(bell, sizeof bell, "%s/bell", segment->folder);
    int fd = open(bell, O_RDONLY | NEVER_ANOTHERS);
    if (fd >= 0)
        close(fd);
    else
        segment->bell_is_gone = errno == ENOENT;
    note_slowness(segment, began);
}
