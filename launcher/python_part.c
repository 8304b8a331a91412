#include "python_part.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_to(const char *path, const char *value) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t ignored = write(file, value, strlen(value));
        (void)ignored;
        (void)close(file);
    }
}

/* The function's threads come first, also while its handler runs and we are still starting; and when memory runs out, we die first.
 *
 * nice 19 and not SCHED_IDLE as well. Measured on one core beside a thread that never sleeps (Linux 6.18): 100 ms of the function's work
 * take 103 ms beside a busy process at nice 19 and 105 beside one at SCHED_IDLE, its threads wake equally fast, but 5 ms of our own work take
 * 0.3 s at nice 19 and 1.5 s at SCHED_IDLE, and a function that leaves such a thread behind pays for that time at the end of each
 * invocation.
 *
 * The autogroup's nice value is set only where the session is ours alone: it would slow down whoever shares it. */
static void take_lowest_priority(void) {
    (void)setpriority(PRIO_PROCESS, 0, 19);
    if (getsid(0) == getppid()) {
        write_to("/proc/self/autogroup", "19");
    }
    write_to("/proc/self/oom_score_adj", "1000");
}

static void die_with(pid_t parent) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
}

static void inherit(int descriptor) {
    if (descriptor >= 0) {
        (void)fcntl(descriptor, F_SETFD, 0);
    }
}

static void prepare_child(pid_t launcher, int events, const struct python_descriptors *descriptors, const sigset_t *signals) {
    char value[96];
    (void)setpgid(0, 0);
    die_with(launcher);
    take_lowest_priority();
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, signals, NULL);
    if (descriptors->stdin_null >= 0) {
        (void)dup2(descriptors->stdin_null, STDIN_FILENO);
    }
    inherit(events);
    inherit(descriptors->telemetry);
    inherit(descriptors->bell);
    (void)snprintf(value, sizeof value, "events=%d telemetry=%d bell=%d", events, descriptors->telemetry, descriptors->bell);
    (void)setenv(LAUNCHER_VARIABLE, value, 1);
}

enum fork_side python_part_fork(struct python_part *part, const struct python_descriptors *descriptors, const sigset_t *signals) {
    int ends[2];
    pid_t launcher = getpid();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return FORK_FAILED;
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        prepare_child(launcher, ends[1], descriptors, signals);
        return FORK_CHILD;
    }
    int error = errno;
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        errno = error;
        return FORK_FAILED;
    }
    /* Both sides do it, since either may be the first that needs it. */
    (void)setpgid(pid, pid);
    *part = (struct python_part){.pid = pid, .socket = ends[0], .incarnation = part->incarnation + 1};
    return FORK_PARENT;
}

enum packet_outcome python_part_send(const struct python_part *part, const char *packet, size_t length) {
    if (part->socket < 0) {
        return PACKET_LOST;
    }
    if (send(part->socket, packet, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        return PACKET_SENT;
    }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? PACKET_REFUSED_FOR_NOW : PACKET_LOST;
}

static void hang_up(struct python_part *part) {
    if (part->socket >= 0) {
        (void)close(part->socket);
        part->socket = -1;
    }
}

bool python_part_receive(struct python_part *part, char *message, size_t size) {
    if (part->socket < 0) {
        return false;
    }
    ssize_t length = recv(part->socket, message, size - 1, MSG_DONTWAIT);
    if (length == 0 || (length < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        hang_up(part);
    }
    if (length <= 0) {
        return false;
    }
    message[length] = '\0';
    return true;
}

/* "pid (any text at all) S ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime ..." (proc_pid_stat(5)); adds what
 * the process uses if it is of that group. */
static void add_use(struct cpu_use *use, const char *pid, pid_t group) {
    char path[64], stat[512], state;
    int process_group;
    unsigned long user, system;
    (void)snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    ssize_t length = read(file, stat, sizeof stat - 1);
    (void)close(file);
    if (length <= 0) {
        return;
    }
    stat[length] = '\0';
    const char *name_end = strrchr(stat, ')');
    if (name_end == NULL || sscanf(name_end + 1, " %c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &state, &process_group, &user, &system) != 4 ||
        process_group != group) {
        return;
    }
    use->wants = use->wants || state == 'R' || state == 'D';
    use->used_ms += (int64_t)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

struct cpu_use python_part_cpu_use(const struct python_part *part) {
    struct cpu_use use = {.wants = false, .used_ms = 0};
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return use;
    }
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            add_use(&use, entry->d_name, part->pid);
        }
    }
    (void)closedir(processes);
    return use;
}

void python_part_kill(const struct python_part *part) {
    if (part->pid > 0) {
        (void)kill(-part->pid, SIGKILL);
    }
}

bool python_part_reap(struct python_part *part, int *status) {
    bool leader_died = false;
    siginfo_t dead;
    for (;;) {
        dead.si_pid = 0;
        if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) != 0 || dead.si_pid == 0) {
            return leader_died;
        }
        bool leader = dead.si_pid == part->pid;
        if (leader) {
            python_part_kill(part);
        }
        int waited = 0;
        if (waitpid(dead.si_pid, &waited, WNOHANG) != dead.si_pid) {
            return leader_died;
        }
        if (leader) {
            leader_died = true;
            *status = waited;
            hang_up(part);
            part->pid = 0;
        }
    }
}
