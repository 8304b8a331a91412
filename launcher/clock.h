/* Moments as milliseconds of CLOCK_MONOTONIC, so that a changed wall clock moves no deadline. */
#ifndef AFTERCALL_CLOCK_H
#define AFTERCALL_CLOCK_H

#include <stdint.h>
#include <time.h>

typedef int64_t moment;

#define NEVER INT64_MAX

static inline int64_t clock_read(clockid_t clock) {
    struct timespec now = {0, 0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline moment clock_now(void) { return clock_read(CLOCK_MONOTONIC); }

/* Lambda states deadlines as milliseconds since the epoch. */
static inline int64_t clock_epoch(void) { return clock_read(CLOCK_REALTIME); }

static inline moment earlier(moment a, moment b) { return a < b ? a : b; }

#endif
