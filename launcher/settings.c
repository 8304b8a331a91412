#include "settings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_SPOOL_FOLDER "/tmp/aftercall"
#define WHITE_SPACE " \t\r\n\v\f"

/* Without white space around it, as the extension and the wrappers read it; NULL where that leaves nothing. */
static const char *variable(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
        return NULL;
    }
    value += strspn(value, WHITE_SPACE);
    size_t length = strlen(value);
    while (length > 0 && strchr(WHITE_SPACE, value[length - 1]) != NULL) {
        length--;
    }
    return length > 0 ? strndup(value, length) : NULL;
}

static bool is(const char *value, const char *word) { return value != NULL && strcasecmp(value, word) == 0; }

/* With a slash at its end a path is followed even where it is a symlink, and symlinks are refused. */
static const char *spool_folder(void) {
    static char path[PATH_MAX];
    static const char *asked; /* it is asked for once, and kept */
    asked = variable("AFTERCALL_SPOOL_DIR");
    if (asked == NULL) {
        return DEFAULT_SPOOL_FOLDER;
    }
    size_t length = strlen(asked);
    if (length >= sizeof path) {
        return asked;
    }
    memcpy(path, asked, length + 1);
    while (length > 1 && path[length - 1] == '/') {
        path[--length] = '\0';
    }
    return path;
}

/* It goes into a header: a byte that could end the header's line becomes '?'. */
static const char *extension_name(const char *program) {
    static char name[NAME_MAX + 1];
    const char *slash = strrchr(program, '/');
    const char *base = slash != NULL ? slash + 1 : program;
    size_t length = 0;
    for (; base[length] != '\0' && length < NAME_MAX; length++) {
        unsigned char byte = (unsigned char)base[length];
        name[length] = byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
    }
    name[length] = '\0';
    return name;
}

struct settings settings_read(const char *program) {
    const char *disabled = variable("AFTERCALL_DISABLED"), *level = variable("AFTERCALL_LOG_LEVEL");
    return (struct settings){
        .runtime_api = variable("AWS_LAMBDA_RUNTIME_API"),
        .extension_name = extension_name(program),
        .spool_folder = spool_folder(),
        .disabled = is(disabled, "true") || is(disabled, "1"),
        .managed_instances = is(variable("AWS_LAMBDA_INITIALIZATION_TYPE"), "lambda-managed-instances"),
        .log_level = is(level, "debug") || is(level, "trace") ? LOG_DEBUG
                     : is(level, "off")                       ? LOG_OFF
                                                              : LOG_WARN,
    };
}
