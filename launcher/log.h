/* One line a message on stdout, which Lambda turns into one log line. */
#ifndef AFTERCALL_LOG_H
#define AFTERCALL_LOG_H

enum log_level { LOG_WARN, LOG_DEBUG, LOG_OFF };

/* From here on nothing below the level is said, and log_phase counts its milliseconds. */
void log_open(enum log_level level);

/* "aftercall: <what> (<value>): <remedy or consequence>". */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A lifecycle phase, told with AFTERCALL_LOG_LEVEL=debug alone. */
void log_phase(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
