/* One line a message on stdout, which Lambda turns into one log line. */
#ifndef AFTERCALL_LOG_H
#define AFTERCALL_LOG_H

#include <stdbool.h>

/* From here on log_phase speaks or is silent, and counts its milliseconds. */
void log_open(bool debug);

/* "aftercall: <what> (<value>): <remedy or consequence>". */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A lifecycle phase, told with AFTERCALL_LOG_LEVEL=debug alone. */
void log_phase(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
