/* Register, subscribe, next, and again next: the Extensions API's side of the launcher. */
#include "log.h"
#include "supervision.h"

#include <stdio.h>
#include <string.h>

/* Long enough for a service at its slowest; a second registration while the first is still on its way would be refused. */
#define REGISTER_ANSWER_MS 5000
/* An init is waiting. Without telemetry the bell and the deadline still tell when an invocation ends. */
#define SUBSCRIBE_ANSWER_MS 1000
/* An event comes in one piece or two; half an event that stays half is a dead connection. */
#define REST_OF_ANSWER_MS 5000

#define FIRST_PAUSE_MS 50
/* While `next` is refused the environment is billed, and each try is cheap: never wait longer than this. */
#define LONGEST_PAUSE_MS 1000

/* A margin for the environment to be told before its deadline, and a tenth of what short time-outs have. */
#define DEADLINE_MARGIN_MS 100
/* SHUTDOWN without a deadline: the phase lasts 2,000 ms in all, of which the runtime has had some. */
#define SHUTDOWN_MS 1400

static void ask(struct supervision *all, enum api_request request) {
    moment now = clock_now();
    all->asking = request;
    all->ask_again = all->answer_due = NEVER;
    switch (request) {
    case API_REGISTER:
        all->answer_due = now + REGISTER_ANSWER_MS;
        api_ask_register(&all->api, all->settings.extension_name, all->for_invoke);
        break;
    case API_SUBSCRIBE:
        all->answer_due = now + SUBSCRIBE_ANSWER_MS;
        api_ask_subscribe(&all->api, all->telemetry_port);
        break;
    case API_NEXT:
        heartbeat_stop(&all->heartbeat);
        api_ask_next(&all->api);
        break;
    case API_NOTHING:
        break;
    }
}

static const char *name_of(enum api_request request) {
    return request == API_REGISTER ? "register" : request == API_SUBSCRIBE ? "telemetry subscription" : "next";
}

/* Exiting would fail the function (Extension.Crash) and so might a wait without end: ask again, soon and then less often. */
static void back_off(struct supervision *all, const char *why) {
    unsigned doublings = all->refusals < 5 ? all->refusals : 5;
    int64_t pause = FIRST_PAUSE_MS << doublings;
    all->refusals++;
    all->ask_again = clock_now() + (pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS);
    all->answer_due = NEVER;
    if (all->refusals == 3) {
        log_line("the Extensions API does not answer %s (%s): asking again every second", name_of(all->asking), why);
    } else {
        log_phase("%s failed (%s), asking again", name_of(all->asking), why);
    }
}

static void refused(struct supervision *all) {
    char why[160];
    int shown = (int)(all->api.body_length < 120 ? all->api.body_length : 120);
    (void)snprintf(why, sizeof why, "status %d %.*s", all->api.status, shown, all->api.body);
    back_off(all, why);
}

void phases_begin(struct supervision *all) {
    /* Without work to do we register for SHUTDOWN alone, and invocations wake nobody. */
    all->for_invoke = all->runs_python && !all->settings.managed_instances;
    ask(all, API_REGISTER);
}

/* The Python part is forked once `next` is on its way, because it competes with us for the core: measured on one core, spawn to `next` is
 * 1.6 ms so, 3.3 with the fork before it, 4.0 with the fork before the answer to register (1.3 for a bare program that never forks). It
 * starts 0.3 ms later than it could, beside an init of the runtime that takes a hundred times that. */
static void start_work(struct supervision *all) {
    all->initialized = true;
    ask(all, API_NEXT);
    log_phase("first next asked for");
    if (all->runs_python) {
        spool_folder_furnish(&all->folder);
    }
    all->restart_at = all->runs_python ? clock_now() : NEVER;
}

static void keep_registered(struct supervision *all) {
    const struct extensions_api *api = &all->api;
    bool fits = api->event.whole && api->event.size <= REGISTERED_BYTES && api->body[0] == '{';
    size_t length = fits ? (size_t)api->event.size : 2;
    memcpy(all->registered, fits ? api->body : "{}", length);
    all->registered[length] = '\0';
}

static void on_register(struct supervision *all) {
    if (all->api.status == 403 && all->for_invoke && api_body_holds(&all->api, "InvalidEventType")) {
        log_phase("INVOKE was refused, registering for SHUTDOWN alone");
        all->for_invoke = false;
        ask(all, API_REGISTER);
        return;
    }
    if (all->api.status != 200 || all->api.identifier[0] == '\0') {
        refused(all);
        return;
    }
    all->refusals = 0;
    keep_registered(all);
    log_phase("registered (%s)", all->settings.extension_name);
    if (all->runs_python && all->descriptors.telemetry >= 0) {
        ask(all, API_SUBSCRIBE);
    } else {
        start_work(all);
    }
}

static void on_subscribe(struct supervision *all) {
    all->telemetry = all->api.status == 200;
    log_phase("telemetry subscription answered (%d)", all->api.status);
    start_work(all);
}

/* What is left of `ms` once its margin is taken off, as a moment. */
static moment before(int64_t ms) {
    int64_t left = ms > 0 ? ms : 0;
    return clock_now() + left - (left / 10 < DEADLINE_MARGIN_MS ? left / 10 : DEADLINE_MARGIN_MS);
}

/* A body past the limit is replaced by what the Python part cannot do without (PROTOCOL.md). */
static void keep_packet(struct current_event *event, const struct extensions_api *api) {
    if (api->body_size <= sizeof event->packet) {
        memcpy(event->packet, api->body, api->body_length);
        event->length = api->body_length;
        return;
    }
    int length = snprintf(event->packet, sizeof event->packet, "{\"eventType\":\"%s\",\"deadlineMs\":%lld,\"truncated\":true}", api->event.type,
                          (long long)api->event.deadline_ms);
    event->length = length > 0 ? (size_t)length : 0;
}

static void take_event(struct supervision *all, bool is_shutdown) {
    int64_t deadline = all->api.event.deadline_ms;
    struct current_event *event = &all->event;
    event->unfinished = true;
    event->undelivered = event->delivered = false;
    event->is_shutdown = is_shutdown;
    event->deadline_near = deadline >= 0 ? before(deadline - clock_epoch()) : NEVER;
    keep_packet(event, &all->api);
    all->asking = API_NOTHING;
    log_phase("%s, deadline in %lld ms", all->api.event.type, deadline >= 0 ? (long long)(deadline - clock_epoch()) : -1);
}

static void on_invoke(struct supervision *all) {
    take_event(all, false);
    if (!all->runs_python) {
        all->event.unfinished = false;
        phases_release(all);
        return;
    }
    spool_folder_mend(&all->folder);
    if (all->part.pid > 0) {
        incarnation_hand_over(all);
    } else {
        /* It is between two incarnations: the next one is given the event, and nobody waits for it. */
        phases_release(all);
    }
}

static void on_shutdown(struct supervision *all) {
    take_event(all, true);
    moment latest = clock_now() + SHUTDOWN_MS;
    all->ends_at = all->event.deadline_near == NEVER ? latest : all->event.deadline_near;
    all->event.deadline_near = NEVER;
    if (!all->runs_python) {
        all->ended = true;
        return;
    }
    spool_folder_mend(&all->folder);
    if (all->part.pid == 0) {
        /* What is spooled has this last chance: no pause. */
        all->restart_at = clock_now();
    } else {
        incarnation_hand_over(all);
    }
}

static void on_next(struct supervision *all) {
    if (all->api.status != 200) {
        refused(all);
    } else if (strcmp(all->api.event.type, "INVOKE") == 0) {
        all->refusals = 0;
        on_invoke(all);
    } else if (strcmp(all->api.event.type, "SHUTDOWN") == 0) {
        on_shutdown(all);
    } else {
        back_off(all, "an event that is neither INVOKE nor SHUTDOWN");
    }
}

static void on_answer(struct supervision *all) {
    all->answer_due = NEVER;
    switch (all->asking) {
    case API_REGISTER:
        on_register(all);
        break;
    case API_SUBSCRIBE:
        on_subscribe(all);
        break;
    case API_NEXT:
        on_next(all);
        break;
    case API_NOTHING:
        break;
    }
}

static void on_failure(struct supervision *all, const char *why) {
    if (all->asking == API_SUBSCRIBE) {
        log_phase("no telemetry subscription (%s)", why);
        start_work(all);
    } else {
        back_off(all, why);
    }
}

bool phases_is_asking(const struct supervision *all) { return all->asking != API_NOTHING && all->ask_again == NEVER; }

void phases_advance(struct supervision *all) {
    if (!phases_is_asking(all)) {
        /* Nothing is asked: whatever arrives means that the connection has ended. */
        api_close(&all->api);
        return;
    }
    switch (api_advance(&all->api)) {
    case API_ANSWERED:
        on_answer(all);
        break;
    case API_FAILED:
        on_failure(all, all->api.failure);
        break;
    case API_WAITING:
        if (all->asking == API_NEXT && all->answer_due == NEVER && api_is_answering(&all->api)) {
            all->answer_due = clock_now() + REST_OF_ANSWER_MS;
        }
        break;
    }
}

void phases_release(struct supervision *all) {
    if (all->event.is_shutdown) {
        all->ended = true;
    } else if (all->asking == API_NOTHING && all->initialized) {
        /* Before the next event and not only at it: the function gets that one at the same moment, and looks once. */
        if (all->runs_python) {
            spool_folder_mend(&all->folder);
        }
        ask(all, API_NEXT);
    }
}

void phases_on_clock(struct supervision *all, moment now) {
    if (now >= all->ends_at) {
        log_phase("the deadline of SHUTDOWN is near");
        all->ended = true;
    } else if (now >= all->ask_again) {
        ask(all, all->asking);
    } else if (now >= all->answer_due) {
        api_close(&all->api);
        on_failure(all, "no answer in time");
    } else if (all->asking == API_NOTHING && all->event.unfinished && now >= all->event.deadline_near) {
        log_phase("the deadline is near and the event not done: asking for next");
        phases_release(all);
    }
}

moment phases_next_moment(const struct supervision *all) {
    moment next = earlier(all->ends_at, earlier(all->ask_again, all->answer_due));
    bool working = all->asking == API_NOTHING && all->event.unfinished;
    return working ? earlier(next, all->event.deadline_near) : next;
}
