/* Preloaded: each pwrite, or open of a spool's segment, takes SLOW_MS milliseconds, as SLOW_CALL says. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

static void wait_if(const char *call) {
    const char *named = getenv("SLOW_CALL");
    if (!named || strcmp(named, call) != 0) return;
    struct timespec time = {0, atol(getenv("SLOW_MS")) * 1000000L};
    nanosleep(&time, NULL);
}

/* Large files have names of their own, which CPython's headers choose. */
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    ssize_t (*original)(int, const void *, size_t, off64_t) = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    wait_if("pwrite");
    return original(fd, data, size, offset);
}

int open64(const char *path, int flags, unsigned mode) {
    int (*original)(const char *, int, unsigned) = (int (*)(const char *, int, unsigned))dlsym(RTLD_NEXT, "open64");
    if (strstr(path, ".segment")) wait_if("open");
    return original(path, flags, mode);
}
