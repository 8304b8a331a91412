/* What a fuzzed subject gives to its driver: fuzz_mutations.c, or libFuzzer. */
#ifndef AFTERCALL_FUZZ_TARGET_H
#define AFTERCALL_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Aborts if something does not hold. The first byte is for the target to choose by, the others are the input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What mutations of single bytes seldom hit upon. */
extern const char *const fuzz_words[];
extern const size_t fuzz_word_count;

#endif
