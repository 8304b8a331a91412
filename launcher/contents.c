#include "contents.h"

#include <string.h>

#define MAGIC_BYTES 16
#define NUMBERS_OF_AN_ENTRY 5

/* launcher/contents.S */
extern const unsigned char aftercall_contents[] __attribute__((visibility("hidden")));

static uint32_t number_at(size_t offset) {
    uint32_t number;
    memcpy(&number, aftercall_contents + offset, sizeof number);
    return number;
}

uint32_t contents_count(void) { return number_at(MAGIC_BYTES); }

struct content contents_at(uint32_t index) {
    size_t entry = MAGIC_BYTES + sizeof(uint32_t) * (1 + (size_t)index * NUMBERS_OF_AN_ENTRY);
    return (struct content){
        .kind = (enum content_kind)number_at(entry),
        .name = (const char *)aftercall_contents + number_at(entry + 4),
        .data = aftercall_contents + number_at(entry + 8),
        .length = number_at(entry + 12),
        .needs = (const char *)aftercall_contents + number_at(entry + 16),
    };
}
