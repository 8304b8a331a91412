/* The process of the Python part: fork, priority, hand-over, state, end (launcher/PROTOCOL.md).
 *
 * It is a process group of its own, so that nothing it may have started outlives it.
 */
#ifndef AFTERCALL_PYTHON_PART_H
#define AFTERCALL_PYTHON_PART_H

#include "heartbeat.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The environment variable by which an incarnation knows that it is one, and which descriptors it has. */
#define LAUNCHER_VARIABLE "AFTERCALL_LAUNCHER"

struct python_part {
    pid_t pid;            /* leader of its process group; 0 while none runs */
    int socket;           /* our end of the socket pair, -1 while none runs */
    unsigned incarnation; /* counts from 1 */
};

struct python_descriptors {
    int telemetry, bell; /* inherited; -1 where they could not be had */
    int stdin_null;      /* becomes its standard input */
};

enum fork_side { FORK_FAILED, FORK_PARENT, FORK_CHILD };

/* In the child everything is prepared but for the exec, if there is to be one: the caller returns to it. */
enum fork_side python_part_fork(struct python_part *part, const struct python_descriptors *descriptors, const sigset_t *signals);

enum packet_outcome { PACKET_SENT, PACKET_REFUSED_FOR_NOW, PACKET_LOST };

/* Never waits. */
enum packet_outcome python_part_send(const struct python_part *part, const char *packet, size_t length);

/* One message into `message`, ended by NUL; false where none is waiting. Longer ones are cut. A peer that closed its end while it lives
 * is deaf from then on, and found out by its beats. */
bool python_part_receive(struct python_part *part, char *message, size_t size);

/* Of all processes of its group. */
struct cpu_use python_part_cpu_use(const struct python_part *part);

void python_part_kill(const struct python_part *part);

/* Reaps what has died, orphans included. True, with its wait status, when the group's leader was among them; the rest of its group
 * is killed before the leader's id can be given to another process. */
bool python_part_reap(struct python_part *part, int *status);

#endif
