/* dlopen for the whole process: a library that the executable carries is loaded out of it, whatever path it is asked for under.
 *
 * PyInstaller's bootloader asks for libpython, and Python for its extension modules, by a path; both come here, since what the executable
 * defines goes before what the C library does. So nothing is unpacked to a folder that user code could remove or fill, nothing stays
 * behind after SIGKILL, and only what is used costs its copy. What the executable does not carry is the C library's business.
 *
 * The dynamic linker needs a file: one without a name, in /tmp where that has room, so that its pages can be given back to a function that
 * needs the memory, else in memory.
 */
#include "contents.h"
#include "frozen_modules.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FOLDER "/tmp"
#define LONGEST_NAME 128

/* The linker takes two libraries of one path for the same, and a descriptor that was closed gives its number to the next one: each
 * library has a spelling of its own, by as many slashes. A high descriptor of its own would be beyond the limit of some environments.
 * The libraries come first in the contents. */
#define MOST_LIBRARIES 64
#define SLASHES "////////////////////////////////////////////////////////////////"

typedef void *(*dlopen_function)(const char *, int);

static dlopen_function next_dlopen(void) {
    static dlopen_function next;
    if (next == NULL) {
        void *found = dlsym(RTLD_NEXT, "dlopen");
        memcpy(&next, &found, sizeof next); /* ISO C has no conversion for it */
    }
    return next;
}

static bool find_native(const char *name, struct content *content, int *number) {
    for (uint32_t index = 0; index < contents_count() && index < MOST_LIBRARIES; index++) {
        *content = contents_at(index);
        if (content->kind == CONTENT_NATIVE && strcmp(content->name, name) == 0) {
            *number = (int)index;
            return true;
        }
    }
    return false;
}

static bool write_all(int file, const unsigned char *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, data, length);
        if (written <= 0) {
            return false;
        }
        data += written;
        length -= (size_t)written;
    }
    return true;
}

/* What was read of the executable to be copied is not to be counted as ours. */
static void forget(const struct content *content) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)content->data & ~(page - 1);
    (void)madvise((void *)start, (uintptr_t)content->data + content->length - start, MADV_DONTNEED);
}

static int filled(int file, const struct content *content) {
    bool whole = file >= 0 && write_all(file, content->data, content->length);
    forget(content);
    if (file >= 0 && !whole) {
        (void)close(file);
        return -1;
    }
    return file;
}

static int file_of(const struct content *content) {
    int file = filled(open(FOLDER, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), content);
    return file >= 0 ? file : filled((int)syscall(SYS_memfd_create, content->name, 1U /* MFD_CLOEXEC */), content);
}

static bool loaded[MOST_LIBRARIES];

static void *load(const struct content *content, int number, int flags) {
    char path[64 + MOST_LIBRARIES];
    int file = file_of(content);
    /* If no file can be had, the path does not exist, and dlerror names it. */
    (void)snprintf(path, sizeof path, "/proc/self/fd/%.*s%d", number, SLASHES, file);
    /* Lazily: of thousands of symbols few are ever called. */
    void *handle = next_dlopen()(path, (flags & ~RTLD_NOW) | RTLD_LAZY);
    if (file >= 0) {
        (void)close(file);
    }
    loaded[number] = handle != NULL;
    if (handle != NULL && strncmp(content->name, "libpython", 9) == 0) {
        frozen_modules_install(handle);
    }
    return handle;
}

/* The linker knows by its name what a library needs and is there already. */
static void load_what_it_needs(const char *needs) {
    char name[LONGEST_NAME];
    struct content content;
    int number;
    for (const char *end; (end = strchr(needs, ' ')) != NULL; needs = end + 1) {
        (void)snprintf(name, sizeof name, "%.*s", (int)(end - needs), needs);
        if (find_native(name, &content, &number) && !loaded[number]) {
            (void)load(&content, number, RTLD_LAZY);
        }
    }
}

__attribute__((visibility("default"))) void *dlopen(const char *path, int flags) {
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;
    struct content content;
    int number;
    if (slash == NULL || !find_native(slash + 1, &content, &number)) {
        return next_dlopen()(path, flags);
    }
    load_what_it_needs(content.needs);
    return load(&content, number, flags);
}
