/* When silence of the Python part means that it hangs (launcher/PROTOCOL.md). Knows moments alone: no I/O. */
#ifndef AFTERCALL_HEARTBEAT_H
#define AFTERCALL_HEARTBEAT_H

#include "clock.h"

#include <stdbool.h>

/* What is expected before the first beat of an event; with the patience, a stopped process is noticed within a second. */
#define FIRST_BEAT_MS 250
#define PATIENCE_MS 750
#define LONGEST_BEAT_MS 60000
#define READY_MS 2500
#define STARVED_READY_MS 10000
#define STARVED_MS 5000
/* How often a starved process is looked at again. */
#define STARVED_LOOK_MS 200

struct heartbeat {
    moment due;         /* NEVER while no beats are asked for */
    moment given_up_at; /* when not even a starved process has any more time */
};

/* An event was handed over: the clock begins anew, whatever went before. `ready` as the Python part has said. */
void heartbeat_begin(struct heartbeat *heartbeat, moment now, bool ready);

/* The Python part spoke, and will again within `ms`. Counts only while beats are asked for. */
void heartbeat_expect(struct heartbeat *heartbeat, moment now, int64_t ms);

void heartbeat_stop(struct heartbeat *heartbeat);

/* `starved` is asked only once a beat stays out. */
bool heartbeat_is_hung(struct heartbeat *heartbeat, moment now, bool (*starved)(const void *), const void *subject);

#endif
