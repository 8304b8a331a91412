#include "log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Below PIPE_BUF, so that one write is one whole line whoever else writes to the same pipe. */
#define LINE_BYTES 1024

static enum log_level chosen;
static struct timespec opened;

void log_open(enum log_level level) {
    chosen = level;
    (void)clock_gettime(CLOCK_MONOTONIC, &opened);
}

static double since_opened(void) {
    struct timespec now = opened;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - opened.tv_sec) * 1e3 + (double)(now.tv_nsec - opened.tv_nsec) / 1e6;
}

/* A pipe that nobody reads would stop the launcher, and with it the function: such a line is lost instead. */
static bool takes_a_line(void) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0;
}

static void __attribute__((format(printf, 3, 0))) say(char *line, int prefix, const char *format, va_list values) {
    if (prefix < 0) {
        return;
    }
    int length = vsnprintf(line + prefix, LINE_BYTES - (size_t)prefix, format, values);
    if (length < 0 || !takes_a_line()) {
        return;
    }
    size_t end = (size_t)prefix + (size_t)length;
    if (end > LINE_BYTES - 1) {
        end = LINE_BYTES - 1;
    }
    line[end] = '\n';
    ssize_t ignored = write(STDOUT_FILENO, line, end + 1);
    (void)ignored;
}

void log_line(const char *format, ...) {
    if (chosen == LOG_OFF) {
        return;
    }
    char line[LINE_BYTES];
    va_list values;
    va_start(values, format);
    say(line, snprintf(line, sizeof line, "aftercall: "), format, values);
    va_end(values);
}

void log_phase(const char *format, ...) {
    if (chosen != LOG_DEBUG) {
        return;
    }
    char line[LINE_BYTES];
    va_list values;
    va_start(values, format);
    say(line, snprintf(line, sizeof line, "aftercall: launcher %.1f ms: ", since_opened()), format, values);
    va_end(values);
}
