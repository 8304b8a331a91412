/* What the frozen file carries: modules and native libraries, packed by build_spec/contents.py, which tells the format. Nothing is
 * allocated and nothing copied: all that is given out points into the executable. */
#ifndef AFTERCALL_CONTENTS_H
#define AFTERCALL_CONTENTS_H

#include <stddef.h>
#include <stdint.h>

enum content_kind { CONTENT_MODULE = 'm', CONTENT_PACKAGE = 'p', CONTENT_NATIVE = 'n' };

struct content {
    enum content_kind kind;
    const char *name;
    const unsigned char *data;
    uint32_t length;
    const char *needs; /* names of native libraries, each followed by a space */
};

uint32_t contents_count(void);
struct content contents_at(uint32_t index);

#endif
