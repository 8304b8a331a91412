/* What must hold for any text that the scan of masking gets: no crash, no read or write out of bounds, spans that nest, words within them, no
 * more memory than promised, and no harm where memory ends. Driven by launcher/fuzz_mutations.c (`make fuzz`). The first byte chooses how long
 * a word must be to be told whatever it is, and at which request memory ends in the second run. */
#include "fuzz_target.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fuzz_words[] = {
    "\\\"",
    "\\\\\\\"",
    "\\\\\\\\\\\\\\\"",
    "\\n",
    "\\\\n",
    "\\u0041",
    "\\u00e4",
    "\\/",
    "={\"a",
    ",'b",
    "='c",
    "(`",
    "<a ",
    "</",
    "b'",
    "N\"",
    "password",
    "4111 1111",
    "411111111111",
    "DE89",
    "DE89370400440532013000",
    "aBaBaBaBaBaBaBaBaB",
    "Q~",
    "?a",
    "&lt;",
    "//",
    "%41",
    "$",
    "@",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "({({({({({({({({({({({({({({({({",
    "\"'`\"'`\"'`\"'`",
    "\n",
    "\xff",
};
const size_t fuzz_word_count = sizeof fuzz_words / sizeof fuzz_words[0];

struct memory {
    uint32_t *columns[SCAN_COLUMNS];
    size_t sizes[SCAN_COLUMNS], most;
    unsigned requests, last; /* beyond `last` there is none */
};

static void require(bool holds, const char *what) {
    if (!holds) {
        (void)fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

/* A block of its own each time and of that very size, so that the sanitizer sees what is used of an old one, and beyond a new one. */
static uint32_t *resize(void *context, int column, size_t bytes) {
    struct memory *memory = context;
    uint32_t *moved = memory->requests++ < memory->last ? malloc(bytes) : NULL;
    size_t all = 0;
    if (moved == NULL) {
        return NULL;
    }
    if (memory->columns[column] != NULL) {
        memcpy(moved, memory->columns[column], bytes < memory->sizes[column] ? bytes : memory->sizes[column]);
    }
    free(memory->columns[column]);
    memory->columns[column] = moved;
    memory->sizes[column] = bytes;
    for (int i = 0; i < SCAN_COLUMNS; i++) {
        all += memory->sizes[i];
    }
    memory->most = all > memory->most ? all : memory->most;
    return moved;
}

static void check_span(const struct scan *scan, uint32_t row, uint32_t length) {
    uint32_t *const *columns = scan->columns;
    uint32_t parent = columns[PARENTS][row], start = columns[STARTS][row], end = columns[ENDS][row], after = columns[AFTERS][row];
    require(start <= end && end <= length, "a span is not in the text");
    require(row == 0 || columns[STARTS][row - 1] < start, "spans are not in order");
    require(row < after && after <= scan->spans, "what comes after a span is not behind it");
    require(memchr("\"'`{[(<", (int)(columns[KINDS][row] & 255), 7) != NULL, "a span of no kind");
    require((columns[KINDS][row] & ~0x17fffU) == 0, "a level is too high");
    require(parent <= row, "a parent comes after its child");
    if (parent > 0) {
        require(columns[STARTS][parent - 1] <= start && end <= columns[ENDS][parent - 1], "a child is not in its parent");
        require(after <= columns[AFTERS][parent - 1], "a child has rows that its parent has not");
    }
}

static void check_word(const struct scan *scan, uint32_t index, uint32_t length) {
    const uint32_t *word = scan->columns[WORDS] + 4 * (size_t)index;
    require(word[0] < word[1] && word[1] <= length, "a word is not in the text");
    require(index == 0 || word[-3] < word[0], "words are not in order");
    require(word[3] != 0 && word[3] < 64, "a word is nothing");
    require(word[2] <= scan->spans, "a word is in a span that is none");
    if (word[2] > 0) {
        require(scan->columns[STARTS][word[2] - 1] <= word[0] && word[1] <= scan->columns[ENDS][word[2] - 1], "a word is not in its span");
    }
}

static bool run(const uint8_t *text, uint32_t length, uint32_t min_any, unsigned requests) {
    /* Rows of three that hold a P or begin with one, and some others. */
    unsigned char bits[SCAN_BITS];
    for (unsigned code = 0; code < SCAN_BITS; code++) {
        bits[code] = (code >> 7) == ('p' & 31) ? 255 : code % 64 == 3;
    }
    struct memory memory = {.last = requests};
    struct scan scan = {.resize = resize, .context = &memory};
    struct scan_vocabulary vocabulary = {bits, bits, min_any};
    bool done = scan_text(&scan, text, length, &vocabulary);
    for (uint32_t row = 0; done && row < scan.spans; row++) {
        check_span(&scan, row, length);
    }
    for (uint32_t index = 0; done && index < scan.words; index++) {
        check_word(&scan, index, length);
    }
    require(memory.most <= 26 * (size_t)length + 1024, "more memory than promised");
    for (int column = 0; column < SCAN_COLUMNS; column++) {
        free(memory.columns[column]);
    }
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint32_t lengths[] = {1, 20, 1U << 30};
    if (size == 0) {
        return 0;
    }
    uint8_t *text = malloc(size - 1); /* of that very size, as above */
    require(text != NULL || size == 1, "no memory for the text");
    if (size > 1) {
        memcpy(text, data + 1, size - 1);
    }
    uint32_t min_any = lengths[data[0] % 3];
    require(run(text, (uint32_t)size - 1, min_any, UINT32_MAX), "memory ended");
    (void)run(text, (uint32_t)size - 1, min_any, data[0]);
    require(!run(text, (uint32_t)size - 1, min_any, data[0] % 6), "it is done without memory");
    free(text);
    return 0;
}
