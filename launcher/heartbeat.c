#include "heartbeat.h"

static void ask_by(struct heartbeat *heartbeat, moment due, int64_t spins_at) {
    heartbeat->due = due;
    heartbeat->spins_at = spins_at;
    heartbeat->used_ms = NOT_LOOKED;
}

void heartbeat_begin(struct heartbeat *heartbeat, moment now, bool ready) {
    if (ready) {
        ask_by(heartbeat, now + FIRST_BEAT_MS + PATIENCE_MS, SPINNING_MS);
    } else {
        ask_by(heartbeat, now + READY_MS, SPINNING_START_MS);
    }
}

void heartbeat_expect(struct heartbeat *heartbeat, moment now, int64_t ms) {
    if (heartbeat->due != NEVER) {
        ask_by(heartbeat, now + (ms < LONGEST_BEAT_MS ? ms : LONGEST_BEAT_MS) + PATIENCE_MS, SPINNING_MS);
    }
}

void heartbeat_stop(struct heartbeat *heartbeat) { heartbeat->due = NEVER; }

/* Asleep at both looks and no further in between; or it computes without an end. */
static bool shows_no_life(const struct heartbeat *heartbeat, struct cpu_use use) {
    return (!use.wants && use.used_ms <= heartbeat->looked_ms) || use.used_ms - heartbeat->used_ms >= heartbeat->spins_at;
}

bool heartbeat_is_hung(struct heartbeat *heartbeat, moment now, struct cpu_use (*look)(const void *), const void *subject) {
    if (heartbeat->due == NEVER || now < heartbeat->due) {
        return false;
    }
    struct cpu_use use = look(subject);
    if (heartbeat->used_ms == NOT_LOOKED) {
        heartbeat->used_ms = use.used_ms;
    } else if (shows_no_life(heartbeat, use)) {
        return true;
    }
    heartbeat->looked_ms = use.used_ms;
    heartbeat->due = now + LOOK_MS;
    return false;
}
