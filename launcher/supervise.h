/* The launcher's whole life: from the folder that must stand before the runtime starts to SHUTDOWN. */
#ifndef AFTERCALL_SUPERVISE_H
#define AFTERCALL_SUPERVISE_H

#include "settings.h"

#include <stdbool.h>

enum supervise_outcome {
    SUPERVISE_ENDED,       /* SHUTDOWN has passed: the process is to exit with 0 */
    SUPERVISE_INCARNATION, /* this is a forked child, prepared to become the Python part */
    SUPERVISE_UNUSABLE     /* AWS_LAMBDA_RUNTIME_API names nothing to connect to; a log line said so */
};

/* Without `has_python` it only idles. */
enum supervise_outcome supervise(const struct settings *settings, bool has_python);

#endif
