/* Drives a target (fuzz_target.h) without libFuzzer, guided by coverage: an input that takes a way which none before it took becomes a sample too.
 *
 *     fuzz-mutations CORPUS ITERATIONS           the same inputs in each run
 *     fuzz-mutations CORPUS --minutes MINUTES    goes on with other ones, tells how far it is, ends at Ctrl-C
 *
 * Every iteration draws a sample, up to eight changes and a split. What brings it down is written to the file fuzz-crash. */
#include "fuzz_coverage.h"
#include "fuzz_target.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 2048
#define TELL_EVERY_SECONDS 5
#define SAMPLE_BYTES 4096
#define INPUT_BYTES (SAMPLE_BYTES * 4)

static uint8_t samples[SAMPLES][SAMPLE_BYTES];
static size_t lengths[SAMPLES];
static size_t sample_count;
static unsigned long iteration;
static uint64_t state;
static uint8_t tried[1 + INPUT_BYTES]; /* the byte that is the target's to choose by, then the input */
static size_t tried_length;
static volatile sig_atomic_t interrupted;

/* splitmix64 */
static uint64_t draw(uint64_t below) {
    uint64_t mixed = (state += 0x9e3779b97f4a7c15u);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return below == 0 ? 0 : (mixed ^ (mixed >> 31)) % below;
}

static void load(const char *folder, const char *name) {
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL || sample_count == SAMPLES) {
        (void)fprintf(stderr, "fuzz: cannot read %s\n", path);
        exit(2);
    }
    lengths[sample_count] = fread(samples[sample_count], 1, SAMPLE_BYTES, file);
    sample_count++;
    (void)fclose(file);
}

static int by_name(const void *left, const void *right) { return strcmp(*(char *const *)left, *(char *const *)right); }

/* In order of their names: a folder's own order differs from machine to machine. */
static void load_all(const char *folder) {
    char *names[SAMPLES];
    size_t count = 0;
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries != NULL && count < SAMPLES && (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] != '.') {
            names[count++] = strdup(entry->d_name);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        load(folder, names[i]);
        free(names[i]);
    }
}

static size_t insert(uint8_t *input, size_t length, const void *bytes, size_t count) {
    if (length + count > INPUT_BYTES) {
        return length;
    }
    size_t at = (size_t)draw(length + 1);
    memmove(input + at + count, input + at, length - at);
    memcpy(input + at, bytes, count);
    return length + count;
}

static size_t erase(uint8_t *input, size_t length) {
    size_t at = (size_t)draw(length), count = (size_t)draw(length - at) % 64 + 1;
    if (length == 0 || at + count > length) {
        return length;
    }
    memmove(input + at, input + at + count, length - at - count);
    return length - count;
}

static size_t mutate(uint8_t *input, size_t length) {
    const char *word = fuzz_words[draw(fuzz_word_count)];
    size_t other = (size_t)draw(sample_count), from, count;
    uint8_t byte = (uint8_t)draw(256);
    switch (draw(6)) {
    case 0:
        return insert(input, length, word, strlen(word));
    case 1:
        return insert(input, length, &byte, 1);
    case 2:
        return erase(input, length);
    case 3: /* a piece of another sample */
        from = (size_t)draw(lengths[other]);
        count = (size_t)draw(lengths[other] - from + 1);
        return insert(input, length, samples[other] + from, count);
    case 4: /* cut */
        return (size_t)draw(length + 1);
    default:
        if (length > 0) {
            input[draw(length)] ^= (uint8_t)(1u << draw(8));
        }
        return length;
    }
}

/* The sanitizers' own ends would pass by us. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "abort_on_error=1:detect_leaks=0"; }

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void) { return "abort_on_error=1:print_stacktrace=1"; }

static void keep_crash(int signal_number) {
    char line[96];
    int file = open("fuzz-crash", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t ignored = file >= 0 ? write(file, tried, 1 + tried_length) : -1;
    int length = snprintf(line, sizeof line, "fuzz: iteration %lu, its input is in fuzz-crash\n", iteration);
    ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

static void try_one(size_t length) {
    tried_length = length;
    coverage_begin();
    (void)LLVMFuzzerTestOneInput(tried, 1 + length);
    if (coverage_new_edges() > 0 && sample_count < SAMPLES && length <= SAMPLE_BYTES) {
        memcpy(samples[sample_count], tried + 1, length);
        lengths[sample_count++] = length;
    }
}

/* The first round takes every sample of the corpus as it is. */
static void iterate(size_t corpus) {
    bool as_it_is = iteration < corpus;
    state = iteration;
    size_t sample = as_it_is ? (size_t)iteration : (size_t)draw(sample_count), length = lengths[sample];
    memcpy(tried + 1, samples[sample], length);
    for (uint64_t changes = as_it_is ? 0 : draw(8) + 1; changes > 0; changes--) {
        length = mutate(tried + 1, length);
    }
    tried[0] = (uint8_t)draw(256);
    try_one(length);
}

static void tell(const char *end, size_t corpus) {
    (void)printf("%lu inputs from %zu samples, %zu more were found, %u edges%s", iteration, corpus, sample_count - corpus, coverage_edges(), end);
    (void)fflush(stdout);
}

/* Seeds that differ from run to run, or each night would repeat the night before. */
static void run_for(double minutes, size_t corpus) {
    time_t began = time(NULL), told = began, now = began;
    unsigned long first = (unsigned long)began << 20;
    while (!interrupted && difftime(now, began) < minutes * 60) {
        for (unsigned i = 0; i < 1000 && !interrupted; i++, iteration++) {
            unsigned long shown = iteration;
            iteration = shown < corpus ? shown : first + shown;
            iterate(corpus);
            iteration = shown;
        }
        now = time(NULL);
        if (difftime(now, told) >= TELL_EVERY_SECONDS) {
            told = now;
            (void)printf("fuzz: %.0f of %.0f s, ", difftime(now, began), minutes * 60);
            tell("\n", corpus);
        }
    }
}

int main(int argc, char **argv) {
    bool timed = argc == 4 && strcmp(argv[2], "--minutes") == 0;
    if (argc != 3 && !timed) {
        (void)fputs("usage: fuzz-mutations CORPUS ITERATIONS | CORPUS --minutes MINUTES\n", stderr);
        return 2;
    }
    load_all(argv[1]);
    size_t corpus = sample_count;
    if (corpus == 0) {
        (void)fprintf(stderr, "fuzz: no samples in %s\n", argv[1]);
        return 2;
    }
    (void)signal(SIGABRT, keep_crash);
    (void)signal(SIGINT, interrupt);
    if (timed) {
        run_for(strtod(argv[3], NULL), corpus);
    } else {
        for (unsigned long last = strtoul(argv[2], NULL, 10); iteration < last && !interrupted; iteration++) {
            iterate(corpus);
        }
    }
    tell(interrupted ? " (interrupted)\n" : "\n", corpus);
    return 0;
}
