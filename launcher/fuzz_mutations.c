/* Drives fuzz_answers.c without libFuzzer: `fuzz-mutations CORPUS ITERATIONS` changes the corpus's files in the same way each time.
 * Every iteration draws a file, up to eight changes and a split; the seed is the iteration's number, which an abort is reported with. */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES 256
#define SAMPLE_BYTES 4096
#define INPUT_BYTES (SAMPLE_BYTES * 4)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t samples[SAMPLES][SAMPLE_BYTES];
static size_t lengths[SAMPLES];
static size_t sample_count;
static unsigned long iteration;
static uint64_t state;

/* What mutations of single bytes seldom hit upon. */
static const char *const WORDS[] = {
    "\r\n",
    "\r\n\r\n",
    "\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.0 403 \r\n",
    "Content-Length: 16777216\r\n",
    "Content-Length: 0\r\n",
    "Content-Length: 18446744073709551617\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Lambda-Extension-Identifier: a\r\n",
    "ffffffff\r\n",
    "1000000\r\n",
    "0\r\n\r\n",
    ";",
    "{\"eventType\":\"INVOKE\",\"deadlineMs\":1}",
    "\"deadlineMs\":999999999999999",
    "\"eventType\":\"",
    "\\",
    "\"",
    "{",
    "[",
    "}",
    "]",
};

/* splitmix64 */
static uint64_t draw(uint64_t below)
{
    uint64_t mixed = (state += 0x9e3779b97f4a7c15u);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return below == 0 ? 0 : (mixed ^ (mixed >> 31)) % below;
}

static void load(const char *folder, const char *name)
{
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

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* In order of their names: a folder's own order differs from machine to machine. */
static void load_all(const char *folder)
{
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

static size_t insert(uint8_t *input, size_t length, const void *bytes, size_t count)
{
    if (length + count > INPUT_BYTES) {
        return length;
    }
    size_t at = (size_t)draw(length + 1);
    memmove(input + at + count, input + at, length - at);
    memcpy(input + at, bytes, count);
    return length + count;
}

static size_t erase(uint8_t *input, size_t length)
{
    size_t at = (size_t)draw(length), count = (size_t)draw(length - at) % 64 + 1;
    if (length == 0 || at + count > length) {
        return length;
    }
    memmove(input + at, input + at + count, length - at - count);
    return length - count;
}

static size_t mutate(uint8_t *input, size_t length)
{
    const char *word = WORDS[draw(sizeof WORDS / sizeof WORDS[0])];
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

static void tell_iteration(int signal_number)
{
    char line[64];
    int length = snprintf(line, sizeof line, "fuzz: iteration %lu\n", iteration);
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

int main(int argc, char **argv)
{
    static uint8_t input[1 + INPUT_BYTES];
    if (argc != 3) {
        (void)fputs("usage: fuzz-mutations CORPUS ITERATIONS\n", stderr);
        return 2;
    }
    unsigned long iterations = strtoul(argv[2], NULL, 10);
    load_all(argv[1]);
    if (sample_count == 0) {
        (void)fprintf(stderr, "fuzz: no samples in %s\n", argv[1]);
        return 2;
    }
    (void)signal(SIGABRT, tell_iteration);
    for (iteration = 0; iteration < iterations; iteration++) {
        /* The first round takes every sample as it is. */
        size_t sample = iteration < sample_count ? (size_t)iteration : (state = iteration, (size_t)draw(sample_count));
        size_t length = lengths[sample];
        memcpy(input + 1, samples[sample], length);
        for (uint64_t changes = iteration < sample_count ? 0 : draw(8) + 1; changes > 0; changes--) {
            length = mutate(input + 1, length);
        }
        input[0] = (uint8_t)draw(256);
        (void)LLVMFuzzerTestOneInput(input, 1 + length);
    }
    (void)printf("%lu inputs from %zu samples\n", iterations, sample_count);
    return 0;
}
