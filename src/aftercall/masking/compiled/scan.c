/* Functions are named as in scan.py, which says why each thing is done. */
#include "scan.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the vocabulary is read four bytes at a time");

enum { MAX_DEPTH = 128, MAX_STRINGS = 160, MAX_LEVEL = 127, MAX_AROUND = 1 << 20, CLOSED = 1 << 16 };
enum { HIGH = 1, UNICODE = 2, ESCAPED = 4, PERCENT = 8, ENTITY = 16, SLASHES = 32, AT = 64, DEEP = 128 };
enum { DOLLAR = 256, AZURE = 512, QUERY = 1024 };
enum {
    MIN_TOKEN = 4,
    MIN_DENSE = 16,
    MIN_LONG = 35,
    MIN_DIGITS = 12,
    MIN_ACCOUNT = 15,
    GROUP = 4,
    DEEP_SLASHES = 100,
    MARK = 8,
    MAX_HEX_NAME = 8,
    MAX_PARAMETER = 24,
    AMP = 5
};

/* Of each byte: what it is in a word, with its place in the alphabet, or of which other class it is. */
enum { UPPER = 32, LOWER = 64, BEYOND_HEX = 128, NO_DIGIT = 256, PERCENT_SIGN = 512, WORD = 1024, LETTER = 31 };
enum { PLAIN, TELLING, BACKSLASH, QUOTE, OPENING, CLOSING, LESS, NEW_LINE };
#define D WORD
#define T TELLING
#define T16 T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T
#define X(place, letter) ((place) | WORD | NO_DIGIT | (letter))
#define ALPHABET(a, x, letter) \
    [a] = X(1, letter), X(2, letter), X(3, letter), X(4, letter), X(5, letter), X(6, letter), X(7, x), X(8, x), X(9, x), X(10, x), X(11, x), \
    X(12, x), X(13, x), X(14, x), X(15, x), X(16, x), X(17, x), X(18, x), X(19, x), X(20, x), X(21, x), X(22, x), X(23, x), X(24, x), X(25, x), \
    X(26, x)
/* clang-format off */
static const uint16_t classes[256] = {
    ALPHABET('A', UPPER | BEYOND_HEX, UPPER), ALPHABET('a', LOWER | BEYOND_HEX, LOWER),
    ['0'] = D, D, D, D, D, D, D, D, D, D, ['_'] = D, ['.'] = D, ['-'] = D, ['%'] = WORD | NO_DIGIT | PERCENT_SIGN,
    ['\\'] = BACKSLASH, ['"'] = QUOTE, ['\''] = QUOTE, ['`'] = QUOTE, ['{'] = OPENING, ['['] = OPENING, ['('] = OPENING,
    ['}'] = CLOSING, [']'] = CLOSING, [')'] = CLOSING, ['>'] = CLOSING, ['<'] = LESS, ['\n'] = NEW_LINE,
    ['@'] = T, ['$'] = T, ['/'] = T, ['?'] = T, ['~'] = T, ['&'] = T, [128] = T16, T16, T16, T16, T16, T16, T16, T16,
};
/* clang-format on */
#undef D
#undef T
#undef T16
#undef X
#undef ALPHABET

/* Of quotes and brackets: a bit for each kind, closers as their openers. */
enum { ANY_STRING = 16 | 32 | 64, BACKTICK = 64 };
static const unsigned char kind_of[128] = {
    ['{'] = 1, ['}'] = 1, ['['] = 2, [']'] = 2, ['('] = 4, [')'] = 4, ['<'] = 8, ['>'] = 8, ['"'] = 16, ['\''] = 32, ['`'] = BACKTICK,
};

struct open {
    uint32_t number; /* of its row, from 1 on */
    uint32_t inside; /* the level of what is opened in it without backslashes */
    uint32_t line;   /* ends of lines below this level end it; 0 if none does */
    uint32_t level, kind;
    uint32_t kinds; /* of strings around it, of brackets around it in the same string, and its own */
};

struct pass {
    struct scan *scan;
    const struct scan_vocabulary *vocabulary;
    const unsigned char *text;
    uint32_t length, depth, span_room, word_room;
    bool has_dropped;
    struct open open[MAX_STRINGS + 1]; /* the first stands for the text */
};

static bool is_letter(unsigned char byte) { return (classes[byte] & (UPPER | LOWER)) != 0; }

static bool is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

static bool is_alnum(unsigned char byte) { return is_letter(byte) || is_digit(byte); }

static bool is_hex(unsigned char byte) { return is_digit(byte) || (is_letter(byte) && !(classes[byte] & BEYOND_HEX)); }

static bool is_blank(unsigned char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* 0 behind the end. */
static unsigned char byte_at(const struct pass *pass, uint32_t at) { return at < pass->length ? pass->text[at] : 0; }

/* What this package has masked before. */
static bool is_mark(const struct pass *pass, uint32_t at) {
    return byte_at(pass, at) == '<' && pass->length - at >= MARK && memcmp(pass->text + at, "<masked>", MARK) == 0;
}

static bool begins_word(const struct pass *pass, uint32_t at) { return is_alnum(byte_at(pass, at)) || is_mark(pass, at); }

static bool ends_word(const struct pass *pass, uint32_t at) {
    return at > 0 && (is_alnum(pass->text[at - 1]) || (at >= MARK && is_mark(pass, at - MARK)));
}

/* Which letters make a known row of three with the two before: a bit for each, the lowest for what is no letter. */
static uint32_t known(const unsigned char *bits, uint32_t two) {
    uint32_t mask;
    memcpy(&mask, bits + two * sizeof mask, sizeof mask);
    return mask;
}

/* ---- spans ---- */

/* What depends on the spans around: of a string less than of a bracket. */
static void inherit(struct open *opened, const struct open *around) {
    bool is_string = (opened->kind & ANY_STRING) != 0;
    opened->kinds = opened->kind | (is_string ? around->kinds & ANY_STRING : around->kinds);
    opened->inside = is_string ? opened->inside : around->inside;
    opened->line = is_string && opened->kind != BACKTICK ? opened->line : around->line;
}

static void push(struct pass *pass, uint32_t start, unsigned char character, uint32_t level) {
    uint32_t kind = kind_of[character];
    if (pass->depth >= (kind & ANY_STRING ? MAX_STRINGS : MAX_DEPTH)) {
        return;
    }
    const struct open *around = &pass->open[pass->depth++];
    uint32_t **columns = pass->scan->columns, row = pass->scan->spans++, own = larger(level, around->inside);
    columns[KINDS][row] = character | level << 8;
    columns[STARTS][row] = start;
    columns[PARENTS][row] = around->number;
    struct open opened = {row + 1, smaller(2 * own + 1, MAX_AROUND), own + 1, level, kind, 0};
    inherit(&opened, around);
    pass->open[pass->depth] = opened;
}

static void pop(struct pass *pass, uint32_t at, uint32_t flag) {
    uint32_t **columns = pass->scan->columns, row = pass->open[pass->depth--].number - 1;
    columns[KINDS][row] |= flag;
    columns[ENDS][row] = larger(at, columns[STARTS][row]);
    columns[AFTERS][row] = pass->scan->spans;
}

static void pop_to(struct pass *pass, uint32_t depth, uint32_t at) {
    while (pass->depth > depth) {
        pop(pass, at, 0);
    }
}

/* The quote that opened this string was none. What was opened since stays open. */
static void drop(struct pass *pass, uint32_t depth) {
    uint32_t **columns = pass->scan->columns, number = pass->open[depth].number;
    columns[ENDS][number - 1] = columns[STARTS][number - 1];
    columns[AFTERS][number - 1] = number;
    pass->has_dropped = true;
    for (pass->depth--; depth <= pass->depth; depth++) {
        pass->open[depth] = pass->open[depth + 1];
        inherit(&pass->open[depth], &pass->open[depth - 1]);
    }
}

/* What begins behind the end of its span was in one that was dropped: it stands in the span around that one. */
static void adopt(const struct scan *scan) {
    const uint32_t *starts = scan->columns[STARTS], *ends = scan->columns[ENDS];
    uint32_t *parents = scan->columns[PARENTS], *word = scan->columns[WORDS];
    for (uint32_t row = 0; row < scan->spans; row++) {
        if (parents[row] > 0 && starts[row] > ends[parents[row] - 1]) {
            parents[row] = parents[parents[row] - 1];
        }
    }
    for (uint32_t words = scan->words; words > 0; words--, word += 4) {
        if (word[2] > 0 && word[0] >= ends[word[2] - 1]) {
            word[2] = parents[word[2] - 1];
        }
    }
}

/* The depth of the open string that the quote closes; 0 for none. */
static uint32_t closing(const struct pass *pass, uint32_t slashes, uint32_t kind) {
    uint32_t depth = pass->open[pass->depth].kinds & kind ? pass->depth : 0;
    while (depth > 0 && (pass->open[depth].kind != kind || pass->open[depth].level > slashes)) {
        depth--;
    }
    uint32_t level = pass->open[depth].level;
    return slashes % (2 * level + 2) == level ? depth : 0;
}

static bool stands_open(const struct pass *pass, uint32_t at) {
    while (at > 0 && is_blank(pass->text[at - 1])) {
        at--;
    }
    unsigned char before = at > 0 ? pass->text[at - 1] : '=';
    return before == '{' || before == '[' || before == '(' || before == ',' || before == ':' || before == '=';
}

/* Whether a quote can open behind this byte: behind what is no word, or the `b` of `b'x'`. */
static bool can_open(const struct pass *pass, uint32_t at) {
    if (!ends_word(pass, at)) {
        return true;
    }
    unsigned char letter = pass->text[at - 1], lower = letter | 32;
    bool is_prefix = lower == 'b' || lower == 'r' || lower == 'u' || lower == 'f' || lower == 'n' || letter == 'L';
    return is_prefix && !ends_word(pass, at - 1);
}

/* `at`: where the backslashes before the quote begin. */
static void take_quote(struct pass *pass, uint32_t at, uint32_t slashes) {
    uint32_t inside = at + slashes + 1;
    unsigned char quote = pass->text[inside - 1];
    uint32_t closed = closing(pass, slashes, kind_of[quote]);
    bool before_word = begins_word(pass, inside);
    if (closed > 0 && quote == '\'' && before_word) {
        return;
    }
    if (closed > 0 && !(before_word && stands_open(pass, at))) {
        pop_to(pass, closed, at);
        pop(pass, at + slashes - smaller(slashes, pass->open[closed].level), CLOSED);
        return;
    }
    if (closed > 0) {
        drop(pass, closed);
    }
    if (can_open(pass, at)) {
        push(pass, inside, quote, smaller(slashes, MAX_LEVEL));
    }
}

/* What is deeper ends at lines of higher levels, so the last span tells. */
static void end_line(struct pass *pass, uint32_t level, uint32_t at) {
    while (pass->open[pass->depth].line > level) {
        pop(pass, at, 0);
    }
}

static void close_bracket(struct pass *pass, uint32_t at) {
    uint32_t kind = kind_of[pass->text[at]];
    if (pass->open[pass->depth].kinds & kind) {
        while (pass->open[pass->depth].kind != kind) {
            pop(pass, at, 0);
        }
        pop(pass, at, CLOSED);
    }
}

static void open_tag(struct pass *pass, uint32_t at) {
    unsigned char next = byte_at(pass, at + 1);
    if (is_letter(next) || next == '/' || next == '!' || next == '?') {
        if (pass->open[pass->depth].kind == kind_of['<']) {
            pop(pass, at, 0);
        }
        push(pass, at + 1, '<', 0);
    }
}

/* ---- pieces of the text: each function returns where its piece ends ---- */

/* Backslashes and what they escape. */
static uint32_t take_escape(struct pass *pass, uint32_t start) {
    uint32_t end = start;
    while (byte_at(pass, end) == '\\') {
        end++;
    }
    uint32_t slashes = end - start;
    pass->scan->seen |= slashes >= DEEP_SLASHES ? DEEP : 0;
    unsigned char third = byte_at(pass, end + 3);
    switch (byte_at(pass, end)) {
    case '"':
    case '\'':
    case '`':
        take_quote(pass, start, slashes);
        return end + 1;
    case 'n':
        end_line(pass, 2 * slashes - 1, start);
        return end + 1;
    case 'r':
    case 't':
    case 'f':
    case 'b':
        return end + 1;
    case '/':
        pass->scan->seen |= ESCAPED;
        return end;
    case 'u':
        pass->scan->seen |= UNICODE;
        if (byte_at(pass, end + 1) == '0' && byte_at(pass, end + 2) == '0' && third >= '2' && third <= '7') {
            pass->scan->seen |= ESCAPED;
        }
        bool is_code = is_hex(byte_at(pass, end + 1)) && is_hex(byte_at(pass, end + 2)) && is_hex(third) && is_hex(byte_at(pass, end + 4));
        return is_code ? end + 5 : end;
    default:
        return end;
    }
}

/* Why the word is worth a look. `all`: the classes of its bytes. */
static uint32_t flags_of(const struct pass *pass, uint32_t start, uint32_t size, uint32_t all) {
    const unsigned char *word = pass->text + start;
    unsigned char next = byte_at(pass, start + size);
    uint32_t flags = 0;
    if (size >= MIN_TOKEN && known(pass->vocabulary->starts, (word[0] & 31U) << 5 | (word[1] & 31U)) >> (word[2] & 31) & 1) {
        flags |= TOKEN;
    }
    bool is_mixed = (all & UPPER) && (all & LOWER);
    if (size >= pass->vocabulary->min_any || (size >= MIN_DENSE && (is_mixed || (size >= MIN_LONG && (all & BEYOND_HEX))))) {
        flags |= DENSE;
    }
    if (!(all & NO_DIGIT) && word[0] >= '2' && word[0] <= '6') {
        bool is_group = size == GROUP && (next == ' ' || next == '+' || next == '/' || next == 0xC2 || next == 0xE2);
        flags |= size >= MIN_DIGITS || is_group ? DIGITS : 0;
    }
    if (size >= MIN_ACCOUNT || (size == GROUP && next == ' ')) {
        bool is_upper = (classes[word[0]] & UPPER) && (classes[word[1]] & UPPER);
        flags |= is_upper && is_digit(word[2]) && is_digit(word[3]) ? ACCOUNT : 0;
    }
    return flags;
}

/* `?word=`, `&word=`, `&amp;word=` */
static bool is_parameter(const struct pass *pass, uint32_t start, uint32_t end) {
    unsigned char before = start > 0 ? pass->text[start - 1] : 0;
    bool is_behind = before == '?' || before == '&' || (before == ';' && start >= AMP && memcmp(pass->text + start - AMP, "&amp;", AMP) == 0);
    return is_behind && byte_at(pass, end) == '=' && end - start <= MAX_PARAMETER;
}

static uint32_t take_word(struct pass *pass, uint32_t start) {
    const unsigned char *names = pass->vocabulary->names;
    uint32_t end = start, all = 0, two = 0, stems = 0, class;
    for (; end < pass->length && (class = classes[pass->text[end]]) >= WORD; end++) {
        all |= class;
        stems |= known(names, two) >> (class & LETTER);
        two = (two << 5 | (class & LETTER)) & 1023;
    }
    stems |= known(names, two);
    pass->scan->seen |= all & PERCENT_SIGN ? PERCENT : 0;
    bool may_name = (all & BEYOND_HEX) || end - start <= MAX_HEX_NAME;
    uint32_t flags = flags_of(pass, start, end - start, all) | (may_name && (stems & 1) ? NAME : 0);
    flags |= is_parameter(pass, start, end) ? FIELD : 0;
    if (flags) {
        uint32_t *word = pass->scan->columns[WORDS] + 4 * (size_t)pass->scan->words++;
        word[0] = start;
        word[1] = end;
        word[2] = pass->open[pass->depth].number;
        word[3] = flags;
    }
    return end;
}

static uint32_t seen_at(const struct pass *pass, uint32_t at) {
    unsigned char next = byte_at(pass, at + 1);
    switch (pass->text[at]) {
    case '@':
        return AT;
    case '$':
        return DOLLAR;
    case '/':
        return next == '/' ? SLASHES : 0;
    case '?':
        return is_letter(next) ? QUERY : 0;
    case '~':
        return at > 0 && pass->text[at - 1] == 'Q' ? AZURE : 0;
    case '&':
        return next == 'l' || next == 'g' || next == 'a' || next == 'q' || next == '#' ? ENTITY : 0;
    default:
        return HIGH;
    }
}

static uint32_t take(struct pass *pass, uint32_t at) {
    unsigned char byte = pass->text[at];
    uint32_t class = classes[byte];
    if (class >= WORD) {
        return take_word(pass, at);
    }
    switch (class) {
    case BACKSLASH:
        return take_escape(pass, at);
    case QUOTE:
        take_quote(pass, at, 0);
        break;
    case OPENING:
        push(pass, at + 1, byte, 0);
        break;
    case CLOSING:
        close_bracket(pass, at);
        break;
    case LESS:
        if (is_mark(pass, at)) {
            return at + MARK;
        }
        open_tag(pass, at);
        break;
    case NEW_LINE:
        end_line(pass, 0, at);
        break;
    case TELLING:
        pass->scan->seen |= seen_at(pass, at);
        break;
    default:
        break;
    }
    return at + 1;
}

/* ---- columns ---- */

static bool resize(struct scan *scan, int first, int last, size_t bytes) {
    for (int column = first; column <= last; column++) {
        scan->columns[column] = scan->resize(scan->context, column, bytes);
        if (scan->columns[column] == NULL) {
            return false;
        }
    }
    return true;
}

/* Room for one more span and one more word, which is the most that a piece adds. */
static bool make_room(struct pass *pass) {
    struct scan *scan = pass->scan;
    if (scan->spans == pass->span_room) {
        pass->span_room += larger(pass->span_room / 4, pass->length / 64) + 16;
        if (!resize(scan, KINDS, AFTERS, pass->span_room * sizeof(uint32_t))) {
            return false;
        }
    }
    if (scan->words == pass->word_room) {
        pass->word_room += larger(pass->word_room / 4, pass->length / 256) + 16;
        return resize(scan, WORDS, WORDS, pass->word_room * 4 * sizeof(uint32_t));
    }
    return true;
}

bool scan_text(struct scan *scan, const unsigned char *text, uint32_t length, const struct scan_vocabulary *vocabulary) {
    struct pass pass = {.scan = scan, .vocabulary = vocabulary, .text = text, .length = length};
    scan->spans = scan->words = scan->seen = 0;
    for (uint32_t at = 0; at < length; at = take(&pass, at)) {
        if (!make_room(&pass)) {
            return false;
        }
    }
    pop_to(&pass, 0, length);
    if (pass.has_dropped) {
        adopt(scan);
    }
    return resize(scan, KINDS, AFTERS, scan->spans * sizeof(uint32_t)) && resize(scan, WORDS, WORDS, scan->words * 4 * sizeof(uint32_t));
}
