#include "supervise.h"

#include "log.h"
#include "supervision.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* What launcher and Python part have open at once, connections of the telemetry and of an exporter included. */
#define ENOUGH_DESCRIPTORS 40

#define TELEMETRY_BACKLOG 16
/* Between SIGKILL and the death. */
#define LAST_DEATH_MS 50

/* Deaths become readable, and no handler of ours has to be undone in the bootloader. Lambda's extensions get no SIGTERM; the developer's
 * shell may send one to the group, and SHUTDOWN is how this ends. */
static int take_signals(sigset_t *inherited) {
    sigset_t deaths;
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&deaths);
    (void)sigaddset(&deaths, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &deaths, inherited);
    /* An inherited "ignore" would reap the Python part behind our back. */
    (void)signal(SIGCHLD, SIG_DFL);
    return signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* On every address, because Lambda sends from outside of the loopback; the kernel picks a port, never Lambda's own 9001. */
static int listen_for_telemetry(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) {
        return -1;
    }
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, TELEMETRY_BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        (void)close(listener);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

/* What the runtime's wrapper relies on has to stand before we register: the runtime starts only after that. */
static bool prepare_work(struct supervision *all) {
    if (!spool_folder_open(&all->folder, all->settings.spool_folder)) {
        return false;
    }
    all->descriptors.telemetry = listen_for_telemetry(&all->telemetry_port);
    return true;
}

/* Standard descriptors that are missing become /dev/null too, or a socket of ours would take their place. */
static int open_null(void) {
    for (;;) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || null > STDERR_FILENO) {
            return null < 0 || fcntl(null, F_SETFD, FD_CLOEXEC) == 0 ? null : -1;
        }
    }
}

static int wait_ms(const struct supervision *all) {
    moment next = earlier(phases_next_moment(all), incarnation_next_moment(all));
    moment left = next == NEVER ? -1 : next - clock_now();
    return next == NEVER ? -1 : left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static void drain(int descriptor) {
    struct signalfd_siginfo death;
    while (read(descriptor, &death, sizeof death) > 0) {
    }
}

/* Waits for the next thing to happen and lets each part look at it. Input comes before the clocks: after a freeze every clock has run out,
 * and what arrived meanwhile resets them. */
static void turn(struct supervision *all) {
    bool write_to_python = all->event.undelivered;
    bool failed_at_once = phases_is_asking(all) && all->api.socket < 0;
    struct pollfd sources[] = {
        {.fd = all->api.socket, .events = phases_is_asking(all) ? api_poll_events(&all->api) : POLLIN},
        {.fd = all->part.socket, .events = write_to_python ? POLLIN | POLLOUT : POLLIN},
        {.fd = all->deaths_descriptor, .events = POLLIN},
    };
    if (poll(sources, 3, failed_at_once ? 0 : wait_ms(all)) < 0 && errno != EINTR) {
        log_phase("poll failed (%s)", strerror(errno));
        return;
    }
    /* The Python part's words come before a new event, or they would be counted for it. */
    if (sources[1].revents != 0) {
        incarnation_listen(all);
    }
    if (sources[2].revents != 0) {
        drain(all->deaths_descriptor);
        incarnation_on_death(all);
    }
    if (!all->ended && (failed_at_once || (sources[0].revents != 0 && sources[0].fd == all->api.socket))) {
        phases_advance(all);
    }
}

static void look_at_the_clock(struct supervision *all) {
    phases_on_clock(all, clock_now());
    if (!all->ended) {
        incarnation_on_clock(all, clock_now());
    }
}

/* Nothing is left running. A process that does not die at once (state D) is left to the environment's own end. */
static void end(struct supervision *all) {
    int status;
    struct pollfd deaths = {.fd = all->deaths_descriptor, .events = POLLIN};
    python_part_kill(&all->part);
    while (all->part.pid > 0 && poll(&deaths, 1, LAST_DEATH_MS) == 1) {
        drain(all->deaths_descriptor);
        (void)python_part_reap(&all->part, &status);
    }
    log_phase("ended");
}

/* Ours alone: the function's processes are none of our children. */
static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < ENOUGH_DESCRIPTORS) {
        log_line("only %llu descriptors are allowed (RLIMIT_NOFILE): the extension may not run with less than %d, the function goes on",
                 (unsigned long long)limit.rlim_max, ENOUGH_DESCRIPTORS);
    }
}

enum supervise_outcome supervise(const struct settings *settings, bool has_python) {
    static struct supervision all;
    log_open(settings->log_level);
    raise_descriptor_limit();
    all.settings = *settings;
    all.started = clock_now();
    all.part.socket = all.folder.bell = -1;
    all.descriptors = (struct python_descriptors){.telemetry = -1, .bell = -1, .stdin_null = open_null()};
    all.ask_again = all.answer_due = all.ends_at = all.restart_at = all.heartbeat.due = all.event.deadline_near = NEVER;
    if (!api_open(&all.api, settings->runtime_api)) {
        log_line("cannot connect to the Extensions API (AWS_LAMBDA_RUNTIME_API=%s): it must be an address and a port", settings->runtime_api);
        return SUPERVISE_UNUSABLE;
    }
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    all.deaths_descriptor = take_signals(&all.inherited_signals);
    all.runs_python = has_python && !settings->disabled && prepare_work(&all);
    phases_begin(&all);
    while (!all.ended && !all.in_child) {
        turn(&all);
        if (!all.ended) {
            look_at_the_clock(&all);
        }
    }
    if (all.in_child) {
        return SUPERVISE_INCARNATION;
    }
    end(&all);
    return SUPERVISE_ENDED;
}
