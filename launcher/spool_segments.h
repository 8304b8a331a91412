/* The files in the spool folder (runtime_wrappers/SPOOL_FORMAT.md): the bell, spares for the writers, and the word that turns a mapped one off. */
#ifndef AFTERCALL_SPOOL_SEGMENTS_H
#define AFTERCALL_SPOOL_SEGMENTS_H

#include <stdbool.h>

#define SPOOL_BELL "bell"

/* By its name: a segment, of whatever state or version. */
bool is_segment(const char *name);
/* By its name: a segment or anything else that we make. */
bool is_spool_file(const char *name);

/* Whether the segment holds something that the extension has not taken. */
bool segment_is_unread(int folder, const char *name);

/* Tells the writer that nobody reads it any more: it has mapped the file, and would not notice that its name is gone. */
void segment_turn_off(int folder, const char *name);

/* Turns a segment off that has brought the Python part down twice: the next incarnation puts it aside, and nothing new is to go with it. */
void segment_shun(int folder, const char *name);

/* Makes the bell if it is not there. */
void make_bell(int folder);

/* Makes spares until there are `wanted`. One log line, once, where that fails; a writer then tries to make a segment itself. */
void make_spares(int folder, unsigned wanted);

#endif
