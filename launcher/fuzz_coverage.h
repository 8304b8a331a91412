/* Which ways through the fuzzed files an input takes, by gcc's and clang's -fsanitize-coverage=trace-pc: no other tool is needed. */
#ifndef AFTERCALL_FUZZ_COVERAGE_H
#define AFTERCALL_FUZZ_COVERAGE_H

/* Called by the compiler at the beginning of each basic block of the files that are compiled for it. */
void __sanitizer_cov_trace_pc(void);

/* An input begins: its first block follows none. */
void coverage_begin(void);

/* Edges (a block after another) that no input before took. */
unsigned coverage_new_edges(void);

/* All of them so far. */
unsigned coverage_edges(void);

#endif
