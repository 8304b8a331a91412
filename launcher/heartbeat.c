#include "heartbeat.h"

static void ask_by(struct heartbeat *heartbeat, moment due)
{
    heartbeat->due = due;
    heartbeat->given_up_at = due + STARVED_MS;
}

void heartbeat_begin(struct heartbeat *heartbeat, moment now, bool ready)
{
    ask_by(heartbeat, now + (ready ? FIRST_BEAT_MS + PATIENCE_MS : READY_MS));
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
