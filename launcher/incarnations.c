/* The Python part's births, deaths and words (launcher/PROTOCOL.md). */
#include "log.h"
#include "supervision.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Before each restart; the death after the last of them is the end of trying. */
static const int64_t RESTART_PAUSES_MS[] = {0, 100, 400, 1600};
#define RESTARTS (sizeof RESTART_PAUSES_MS / sizeof RESTART_PAUSES_MS[0])
/* An incarnation that has finished so many events is sound: what went before it is forgotten. */
#define EVENTS_OF_A_SOUND_ONE 10

/* So that a Python part that talks without end does not keep Lambda waiting. */
#define MESSAGES_AT_A_TIME 32

/* Long enough for an interpreter to come to its end. */
#define EXIT_AFTER_BYE_MS 300

static void idle(struct supervision *all, const char *what, const char *value) {
    all->runs_python = false;
    all->restart_at = NEVER;
    all->event.unfinished = false;
    phases_release(all);
    unsigned segments = spool_folder_retire(&all->folder);
    log_line("%s (%s): nothing more is recorded in this environment, the function goes on; segments that were not sent: %u", what, value, segments);
    if (all->descriptors.telemetry >= 0) {
        (void)close(all->descriptors.telemetry);
        all->descriptors.telemetry = -1;
    }
}

static void bury(struct supervision *all) {
    unsigned deaths = all->deaths++;
    heartbeat_stop(&all->heartbeat);
    if (deaths < RESTARTS) {
        all->restart_at = clock_now() + RESTART_PAUSES_MS[deaths];
        spool_folder_shun(&all->folder);
        return;
    }
    char count[48];
    (void)snprintf(count, sizeof count, "%u times", all->deaths);
    idle(all, "the extension's Python part died too often", count);
}

/* A socket that is full gets the event when it has room; the beats tell whether anybody makes room. */
static void deliver(struct supervision *all) {
    enum packet_outcome outcome = python_part_send(&all->part, all->event.packet, all->event.length);
    all->event.undelivered = outcome == PACKET_REFUSED_FOR_NOW;
    all->event.delivered = outcome == PACKET_SENT;
}

void incarnation_hand_over(struct supervision *all) {
    all->handed++;
    /* Beats are for what holds `next` back; with `next` on its way the environment may freeze, and a thaw looks like a hang. */
    if (all->asking == API_NOTHING && !all->event.is_shutdown) {
        heartbeat_begin(&all->heartbeat, clock_now(), all->ready);
    }
    deliver(all);
}

/* As a JSON string's inside; settings.c lets no control characters through. */
static const char *escaped(const char *text, char *space, size_t size) {
    size_t length = 0;
    for (; *text != '\0' && length + 3 < size; text++) {
        if (*text == '"' || *text == '\\') {
            space[length++] = '\\';
        }
        space[length++] = *text;
    }
    space[length] = '\0';
    return space;
}

static void introduce(struct supervision *all) {
    char packet[REGISTERED_BYTES + 1024], name[520];
    int length = snprintf(packet, sizeof packet,
                          "{\"eventType\":\"INIT\",\"name\":\"%s\",\"registered\":%s,\"telemetry\":%s,\"incarnation\":%u,"
                          "\"sinceStart\":%lld}",
                          escaped(all->settings.extension_name, name, sizeof name), all->registered, all->telemetry ? "true" : "false",
                          all->part.incarnation, (long long)(clock_now() - all->started));
    if (length > 0 && (size_t)length < sizeof packet) {
        (void)python_part_send(&all->part, packet, (size_t)length);
    }
    if (all->event.unfinished) {
        incarnation_hand_over(all);
    }
}

static void start(struct supervision *all) {
    all->restart_at = NEVER;
    all->ready = false;
    all->handed = all->finished = 0;
    all->descriptors.bell = all->folder.bell;
    switch (python_part_fork(&all->part, &all->descriptors, &all->inherited_signals)) {
    case FORK_CHILD:
        /* The bootloader goes on without an exec: what closes by itself at one is closed here. */
        api_close(&all->api);
        (void)close(all->deaths_descriptor);
        (void)close(all->descriptors.stdin_null);
        all->in_child = true;
        return;
    case FORK_FAILED:
        log_line("cannot start the extension's Python part (%s)", strerror(errno));
        bury(all);
        return;
    case FORK_PARENT:
        log_phase("Python part started (incarnation %u, pid %ld)", all->part.incarnation, (long)all->part.pid);
        introduce(all);
    }
}

static void on_ready(struct supervision *all) {
    log_phase("Python part ready (incarnation %u)", all->part.incarnation);
    all->ready = true;
    heartbeat_expect(&all->heartbeat, clock_now(), FIRST_BEAT_MS);
}

/* `done` alone speaks of every event handed over; `done <n>` of the first n of this incarnation, for one that may have another unread. */
static void on_done(struct supervision *all, const char *count) {
    uint64_t finished = *count == '\0' ? all->handed : strtoull(count, NULL, 10);
    if (finished > all->handed || finished < all->finished) {
        log_phase("the Python part said done (%s) and was given %llu events", count, (unsigned long long)all->handed);
        return;
    }
    all->finished = finished;
    if (all->finished >= EVENTS_OF_A_SOUND_ONE) {
        all->deaths = 0;
    }
    if (all->finished == all->handed && all->event.unfinished && !all->event.undelivered) {
        log_phase("done");
        all->event.unfinished = false;
        heartbeat_stop(&all->heartbeat);
        if (!all->event.is_shutdown) {
            phases_release(all);
        }
    }
}

static void on_bye(struct supervision *all) {
    if (all->event.is_shutdown) {
        all->event.unfinished = false;
        all->ends_at = earlier(all->ends_at, clock_now() + EXIT_AFTER_BYE_MS);
    }
}

static void on_message(struct supervision *all, const char *message) {
    if (strcmp(message, "ready") == 0) {
        on_ready(all);
    } else if (strncmp(message, "beat ", 5) == 0) {
        long long ms = strtoll(message + 5, NULL, 10);
        heartbeat_expect(&all->heartbeat, clock_now(), ms > 0 ? ms : 0);
    } else if (strcmp(message, "done") == 0) {
        on_done(all, "");
    } else if (strncmp(message, "done ", 5) == 0) {
        on_done(all, message + 5);
    } else if (strcmp(message, "bye") == 0) {
        on_bye(all);
    } else {
        log_phase("the Python part said something unknown (%s)", message);
    }
}

void incarnation_listen(struct supervision *all) {
    char message[64];
    for (unsigned heard = 0; heard < MESSAGES_AT_A_TIME && python_part_receive(&all->part, message, sizeof message); heard++) {
        on_message(all, message);
    }
    if (all->event.undelivered) {
        deliver(all);
    }
}

static void tell_death(const struct supervision *all, int status) {
    log_phase("Python part died (incarnation %u, %s %d)", all->part.incarnation, WIFSIGNALED(status) ? "signal" : "exit status",
              WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

void incarnation_on_death(struct supervision *all) {
    int status = 0;
    if (!python_part_reap(&all->part, &status)) {
        return;
    }
    tell_death(all, status);
    bool had_it = all->event.delivered;
    all->event.delivered = all->event.undelivered = false;
    if (!all->event.is_shutdown) {
        bury(all);
        /* No pause is billed: the event is given to the next incarnation, and whatever comes meanwhile with it. */
        phases_release(all);
    } else if (had_it) {
        all->ended = true;
    } else {
        /* It died before it could know: what is spooled has this last chance. */
        all->restart_at = clock_now();
    }
}

static struct cpu_use cpu_use(const void *part) { return python_part_cpu_use(part); }

void incarnation_on_clock(struct supervision *all, moment now) {
    if (now >= all->restart_at) {
        start(all);
    } else if (heartbeat_is_hung(&all->heartbeat, now, cpu_use, &all->part)) {
        log_line("the extension's Python part hangs (pid %ld): killed and started again, and it reads again what it had not sent; segments: %u",
                 (long)all->part.pid, spool_folder_segments(&all->folder));
        python_part_kill(&all->part);
        heartbeat_stop(&all->heartbeat);
        phases_release(all);
    }
}

moment incarnation_next_moment(const struct supervision *all) { return earlier(all->restart_at, all->heartbeat.due); }
