/* What the launcher knows while it runs; shared by the files that make it decide. */
#ifndef AFTERCALL_SUPERVISION_H
#define AFTERCALL_SUPERVISION_H

#include "clock.h"
#include "extensions_api.h"
#include "heartbeat.h"
#include "python_part.h"
#include "settings.h"
#include "spool_folder.h"

#include <stdbool.h>
#include <stdint.h>

/* {"functionName","functionVersion","handler","accountId"}: an answer to register longer than this is not passed on. */
#define REGISTERED_BYTES 4096

/* The event that `next` answered last. */
struct current_event {
    bool unfinished;  /* the Python part has not said that it is done */
    bool undelivered; /* the socket was full: to be sent when it has room */
    bool delivered;   /* this incarnation has it */
    bool is_shutdown;
    moment deadline_near; /* when `next` is asked for, or the process ends, whatever the Python part says; NEVER without a deadline */
    size_t length;
    char packet[API_BODY_BYTES];
};

struct supervision {
    struct settings settings;
    bool runs_python; /* false while idling: no Python part is running or will be */
    bool in_child;    /* this is a new incarnation and has to leave the loop */
    bool ended;
    moment started;

    /* The conversation with Lambda. `asking` is API_NOTHING while an event is being worked on. */
    struct extensions_api api;
    enum api_request asking;
    moment ask_again; /* NEVER while the request is on its way */
    moment answer_due;
    unsigned refusals; /* in a row */
    bool for_invoke, initialized, telemetry;
    uint16_t telemetry_port;
    char registered[REGISTERED_BYTES + 1];

    struct current_event event;
    moment ends_at; /* NEVER before SHUTDOWN */

    /* The current incarnation of the Python part. */
    struct python_part part;
    struct python_descriptors descriptors;
    struct spool_folder folder;
    struct heartbeat heartbeat;
    bool ready;
    uint64_t handed, finished; /* events, by this incarnation */
    unsigned deaths;
    moment restart_at; /* NEVER while it runs or may not */

    int deaths_descriptor; /* signalfd for SIGCHLD */
    sigset_t inherited_signals;
};

/* lambda_phases.c: what is asked of Lambda, and what its answers lead to. */
void phases_begin(struct supervision *all);
void phases_advance(struct supervision *all);
/* Whether there is an answer to wait for, or a connection that failed at once to be told of. */
bool phases_is_asking(const struct supervision *all);
void phases_on_clock(struct supervision *all, moment now);
moment phases_next_moment(const struct supervision *all);
/* The current event holds nothing back any more: asks for `next`, or ends after SHUTDOWN. */
void phases_release(struct supervision *all);

/* incarnations.c: the Python part's births, deaths and words. */
void incarnation_hand_over(struct supervision *all);
void incarnation_listen(struct supervision *all);
void incarnation_on_death(struct supervision *all);
void incarnation_on_clock(struct supervision *all, moment now);
moment incarnation_next_moment(const struct supervision *all);

#endif
