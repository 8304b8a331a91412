#include "heartbeat.h"

static void ask_by(struct heartbeat *heartbeat, moment due)
{
    heartbeat->due = due;
    heartbeat->given_up_at = due + STARVED_MS;
}

/* A start is computing and reading from the disk, and can take long where little CPU is left for it; one that does neither is stuck. */
static void ask_for_ready_by(struct heartbeat *heartbeat, moment now)
{
    heartbeat->due = now + READY_MS;
    heartbeat->given_up_at = now + STARVED_READY_MS;
}

void heartbeat_begin(struct heartbeat *heartbeat, moment now, bool ready)
{
    if (ready) {
        ask_by(heartbeat, now + FIRST_BEAT_MS + PATIENCE_MS);
    } else {
        ask_for_ready_by(heartbeat, now);
    }
}

void heartbeat_expect(struct heartbeat *heartbeat, moment now, int64_t ms)
{
    if (heartbeat->due != NEVER) {
        ask_by(heartbeat, now + (ms < LONGEST_BEAT_MS ? ms : LONGEST_BEAT_MS) + PATIENCE_MS);
    }
}

void heartbeat_stop(struct heartbeat *heartbeat)
{
    heartbeat->due = NEVER;
}

bool heartbeat_is_hung(struct heartbeat *heartbeat, moment now, bool (*starved)(const void *), const void *subject)
{
    if (heartbeat->due == NEVER || now < heartbeat->due) {
        return false;
    }
    if (now >= heartbeat->given_up_at || !starved(subject)) {
        return true;
    }
    heartbeat->due = earlier(now + STARVED_LOOK_MS, heartbeat->given_up_at);
    return false;
}
