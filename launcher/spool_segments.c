#include "spool_segments.h"

#include "log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0600
#define SPARE_BYTES 262144
#define MOST_SPARES 4
#define MAGIC "aftcall\2"
#define MAGIC_BYTES 8
#define COMMITTED 8
#define TAKEN 32
#define TRIES 40
#define MOST_TRIES 2
#define OFF 44
#define WORD_BYTES 4
#define NEVER_BLOCK (O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

static bool has_end(const char *name, const char *end) {
    size_t length = strlen(name), tail = strlen(end);
    return length > tail && strcmp(name + length - tail, end) == 0;
}

/* The last three are of version 1: a folder with them is ours, and nobody reads them. */
bool is_segment(const char *name) {
    const char *state = name + strspn(name, "0123456789-");
    return isdigit((unsigned char)name[0]) && (strcmp(state, ".segment") == 0 || strcmp(state, ".aside") == 0 || strcmp(state, ".open") == 0 ||
                                               strcmp(state, ".ready") == 0 || strncmp(state, ".reading-", 9) == 0);
}

bool is_spool_file(const char *name) {
    return is_segment(name) || strcmp(name, SPOOL_BELL) == 0 || strcmp(name, "exported") == 0 ||
           (isdigit((unsigned char)name[0]) && (has_end(name, ".spare") || has_end(name, ".making")));
}

bool segment_is_unread(int folder, const char *name) {
    unsigned char head[TAKEN + WORD_BYTES];
    bool unread = true;
    int file = has_end(name, ".segment") ? openat(folder, name, O_RDONLY | NEVER_BLOCK) : -1;
    if (file >= 0) {
        unread = pread(file, head, sizeof head, 0) == (ssize_t)sizeof head && memcmp(head + COMMITTED, head + TAKEN, WORD_BYTES) != 0;
        (void)close(file);
    }
    return unread;
}

static bool store(int file, const void *data, size_t size, off_t offset) { return pwrite(file, data, size, offset) == (ssize_t)size; }

void segment_turn_off(int folder, const char *name) {
    static const unsigned char off[WORD_BYTES] = {1};
    struct stat found;
    int file = has_end(name, ".segment") ? openat(folder, name, O_WRONLY | NEVER_BLOCK) : -1;
    if (file < 0) {
        return;
    }
    if (fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_size > OFF && !store(file, off, sizeof off, OFF)) {
        log_phase("cannot turn a segment off (%s: %s)", name, strerror(errno));
    }
    (void)close(file);
}

void segment_shun(int folder, const char *name) {
    uint32_t tries = 0;
    int file = has_end(name, ".segment") ? openat(folder, name, O_RDONLY | NEVER_BLOCK) : -1;
    if (file < 0) {
        return;
    }
    bool is_known = pread(file, &tries, sizeof tries, TRIES) == (ssize_t)sizeof tries;
    (void)close(file);
    if (is_known && tries >= MOST_TRIES) {
        segment_turn_off(folder, name);
    }
}

/* Whatever the umask. */
static int make_file(int folder, const char *name) {
    struct stat found;
    int file = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (file >= 0 && (fstat(file, &found) != 0 || (found.st_mode & 07777) != FILE_MODE)) {
        (void)fchmod(file, FILE_MODE);
    }
    return file;
}

void make_bell(int folder) {
    int bell = make_file(folder, SPOOL_BELL);
    if (bell >= 0) {
        (void)close(bell);
    } else if (errno != EEXIST) {
        log_phase("cannot make the bell (%s)", strerror(errno));
    }
}

static bool write_zeros(int file) {
    static const char zeros[4096];
    for (off_t at = 0; at < SPARE_BYTES; at += (off_t)sizeof zeros) {
        if (!store(file, zeros, sizeof zeros, at)) {
            return false;
        }
    }
    return true;
}

/* A writer that stored into space which the disk does not have would be killed. */
static bool reserve(int file) { return fallocate(file, 0, 0, SPARE_BYTES) == 0 || (errno == EOPNOTSUPP && write_zeros(file)); }

/* It has another name until it is whole. */
static bool make_spare(int folder, const char *name) {
    char making[32];
    (void)snprintf(making, sizeof making, "%ld.making", (long)getpid());
    (void)unlinkat(folder, making, 0);
    int file = make_file(folder, making);
    if (file < 0) {
        return false;
    }
    bool whole = reserve(file) && store(file, MAGIC, MAGIC_BYTES, 0) && renameat(folder, making, folder, name) == 0;
    int error = errno;
    (void)close(file);
    if (!whole) {
        (void)unlinkat(folder, making, 0);
    }
    errno = error;
    return whole;
}

/* The function's own log stays without a word of it. */
static void tell_once(const char *why) {
    static bool told;
    if (!told) {
        log_line("cannot reserve %d bytes in the spool folder (%s): what has no room there is not recorded, the function goes on", SPARE_BYTES, why);
    }
    told = true;
}

void make_spares(int folder, unsigned wanted) {
    char names[MOST_SPARES][16], *missing[MOST_SPARES];
    unsigned absent = 0;
    for (unsigned i = 0; i < MOST_SPARES; i++) {
        (void)snprintf(names[i], sizeof names[i], "%u.spare", i + 1);
        if (faccessat(folder, names[i], F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
            missing[absent++] = names[i];
        }
    }
    for (unsigned i = 0; i < absent && MOST_SPARES - absent + i < wanted; i++) {
        if (!make_spare(folder, missing[i])) {
            tell_once(strerror(errno));
            return;
        }
    }
}
