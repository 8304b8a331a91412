/* What the environment asks of the launcher. */
#ifndef AFTERCALL_SETTINGS_H
#define AFTERCALL_SETTINGS_H

#include "log.h"

#include <stdbool.h>

struct settings {
    const char *runtime_api;    /* AWS_LAMBDA_RUNTIME_API, host:port; NULL where this is not Lambda */
    const char *extension_name; /* the file's basename under /opt/extensions, fit for a header */
    const char *spool_folder;   /* AFTERCALL_SPOOL_DIR, without slashes at its end */
    bool disabled;              /* AFTERCALL_DISABLED */
    bool managed_instances;     /* AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances */
    enum log_level log_level;   /* AFTERCALL_LOG_LEVEL */
};

/* `program` is the path whose basename is the extension's name. The strings live as long as the process. */
struct settings settings_read(const char *program);

#endif
