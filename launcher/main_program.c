/* The launcher as a program: `launcher COMMAND [ARG...]`, where COMMAND is the Python part. For running the extension from source, and,
 * without COMMAND, for images on which the frozen file does not start: there it registers and idles. */
#include "python_part.h"
#include "supervise.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int execute(char **command) {
    (void)execvp(command[0], command);
    (void)printf("aftercall: cannot start the Python part (%s: %s): name a program that can be executed\n", command[0], strerror(errno));
    (void)fflush(stdout);
    return 127;
}

int main(int argc, char **argv) {
    const char *name = getenv("AFTERCALL_EXTENSION_NAME");
    struct settings settings = settings_read(name != NULL && name[0] != '\0' ? name : argc > 0 ? argv[0] : "launcher");
    if (settings.runtime_api == NULL) {
        (void)fputs("usage: launcher COMMAND [ARG...]\n"
                    "An AWS Lambda extension: Lambda starts it and sets AWS_LAMBDA_RUNTIME_API, which is not set here.\n",
                    stderr);
        return 2;
    }
    switch (supervise(&settings, argc > 1)) {
    case SUPERVISE_INCARNATION:
        return execute(argv + 1);
    case SUPERVISE_UNUSABLE:
        return 2;
    case SUPERVISE_ENDED:
        break;
    }
    return 0;
}
