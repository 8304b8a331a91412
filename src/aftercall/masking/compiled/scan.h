/* What scan.py does, a hundred times as fast: the extension masks after every invocation, and is billed for it. scan.py says what is found
 * and why, this file how much it may cost. It asks nothing of the C library, and of the caller memory alone.
 *
 * Time is linear in the text's length, whatever the text is:
 * - `take` is called once for each piece of the text, and the pieces do not overlap. Beyond its piece it looks at 4 bytes before and behind,
 *   and `stands_open` at the blanks before a quote, which stand before no other quote.
 * - A span is opened once and ended once. `close_bracket` and `end_line` know without a search whether there is something to end, and then
 *   look only at spans that they end. `adopt` goes through all of them once, at the end.
 * - `closing` and `drop` alone look at what they do not end: for a quote at the open spans, of which there are MAX_STRINGS, 160, at most. The
 *   slowest text that is known, quotes within strings of a hundred levels, takes twenty times as long as an ordinary one of its length.
 *
 * Memory: a span takes 20 bytes, a word 16, and each has a byte of the text that is no other's: its opening character, its first letter. So
 * both take at most 20 bytes for a byte of text, and a quarter more while the columns grow; ordinary JSON takes 2. The stack takes 4 KB, and
 * nothing recurses.
 *
 * Numbers: the text is shorter than 2 GiB, so that positions, rows, and twice the number of backslashes in a row fit into 32 bits. */
#ifndef AFTERCALL_SCAN_H
#define AFTERCALL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_BITS = 4096 }; /* Bytes of a table with a bit for each three letters of 5 bits. */

/* Columns of the spans, and the words, four numbers each. */
enum { KINDS, STARTS, ENDS, PARENTS, AFTERS, WORDS, SCAN_COLUMNS };

/* Why a word is worth a look. */
enum { NAME = 1, TOKEN = 2, DENSE = 4, DIGITS = 8, ACCOUNT = 16, FIELD = 32 };

struct scan_vocabulary {
    const unsigned char *names, *starts; /* SCAN_BITS each */
    uint32_t min_any;
};

struct scan {
    /* Makes a column so many bytes long, keeping what is in it, and returns where it lies now; NULL if there is no memory. */
    uint32_t *(*resize)(void *context, int column, size_t bytes);
    void *context;
    uint32_t *columns[SCAN_COLUMNS];
    uint32_t spans, words, seen;
};

/* `scan` has its first two members set. False if there is no memory; the columns are the caller's in both cases. */
bool scan_text(struct scan *scan, const unsigned char *text, uint32_t length, const struct scan_vocabulary *vocabulary);

#endif
