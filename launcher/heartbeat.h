/* When silence of the Python part means that it hangs (launcher/PROTOCOL.md). Knows moments and CPU time alone: no I/O. */
#ifndef AFTERCALL_HEARTBEAT_H
#define AFTERCALL_HEARTBEAT_H

#include "clock.h"

#include <stdbool.h>

/* What is expected before the first beat of an event; with the patience, a stopped process is noticed within a second. */
#define FIRST_BEAT_MS 250
#define PATIENCE_MS 550
#define LONGEST_BEAT_MS 60000
#define READY_MS 2500
/* How often one whose beat stays out is looked at. */
#define LOOK_MS 200
/* Of CPU, not of time: one that computes that long without a word will not come back. */
#define SPINNING_MS 3000
#define SPINNING_START_MS 6000
#define NOT_LOOKED (-1)

/* What the processes of the Python part do at this moment. */
struct cpu_use {
    bool wants;      /* one of them is runnable, or waits for the disk */
    int64_t used_ms; /* CPU time of all of them since their start */
};

struct heartbeat {
    moment due;        /* NEVER while no beats are asked for */
    int64_t spins_at;  /* how much CPU it may use once its beat is overdue */
    int64_t used_ms;   /* what it had used when it was found overdue, NOT_LOOKED before */
    int64_t looked_ms; /* what it had used at the last look */
};

/* An event was handed over: the clock is reset. `ready` as the Python part has said. */
void heartbeat_begin(struct heartbeat *heartbeat, moment now, bool ready);

/* The Python part spoke, and will again within `ms`. Counts only while beats are asked for. */
void heartbeat_expect(struct heartbeat *heartbeat, moment now, int64_t ms);

void heartbeat_stop(struct heartbeat *heartbeat);

/* `look` is asked only once a beat stays out. One that wants CPU and gets little is starved, however long that takes. */
bool heartbeat_is_hung(struct heartbeat *heartbeat, moment now, struct cpu_use (*look)(const void *), const void *subject);

#endif
