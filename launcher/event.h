/* Two members of a JSON object, found without keeping it: `eventType` and `deadlineMs` of an Extensions API event.
 *
 * Bytes go in as they arrive, split anywhere; nested objects and strings are stepped over; nothing is ever read twice
 * and no input makes it fail. It does not validate JSON. A member that comes twice counts as it came last, a key written with
 * escapes is not recognised.
 */
#ifndef AFTERCALL_EVENT_H
#define AFTERCALL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_TYPE_BYTES 32

struct event_scanner {
    char type[EVENT_TYPE_BYTES]; /* empty where it was not seen, or is too long to be one that we know */
    int64_t deadline_ms;         /* since the epoch; -1 where it was not seen */
    bool whole;                  /* one object (or array) has opened and closed */
    uint64_t size;               /* bytes up to its closing bracket, that included */

    char text[EVENT_TYPE_BYTES]; /* the string or number that is being read at depth 1 */
    size_t text_length;
    uint64_t depth;
    enum { EVENT_NO_KEY, EVENT_OTHER_KEY, EVENT_TYPE_KEY, EVENT_DEADLINE_KEY } key;
    bool in_string, escaped, in_value;
};

void event_begin(struct event_scanner *scanner);
void event_feed(struct event_scanner *scanner, const char *bytes, size_t length);

#endif
