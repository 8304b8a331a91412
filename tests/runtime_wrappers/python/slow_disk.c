/* Preloaded: each writev, or open of a spool's segment, takes as long as SLOW_CALL says, in milliseconds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

static void wait_if(const char *call) {
    const char *named = getenv("SLOW_CALL");
    if (!named || strcmp(named, call) != 0) return;
    struct timespec time = {0, atol(getenv("SLOW_MS")) * 1000000L};
    nanosleep(&time, NULL);
}

ssize_t writev(int fd, const struct iovec *vector, int count) {
    ssize_t (*original)(int, const struct iovec *, int) = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
    wait_if("writev");
    return original(fd, vector, count);
}

/* Large files have a name of their own, which CPython's headers choose. */
int open64(const char *path, int flags, unsigned mode) {
    int (*original)(const char *, int, unsigned) = (int (*)(const char *, int, unsigned))dlsym(RTLD_NEXT, "open64");
    if (strstr(path, ".open")) wait_if("open");
    return original(path, flags, mode);
}
