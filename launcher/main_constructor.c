/* The launcher inside PyInstaller's bootloader: a constructor, which runs before the bootloader's main.
 *
 * In the process that Lambda starts it never returns. It returns in the forked child, into the bootloader, which starts Python in this very
 * process: it takes us for a one-folder program that was started again with its library path set, as it does with those. Should it
 * nevertheless execute the file once more, LAUNCHER_VARIABLE tells that this is an incarnation already.
 * glibc passes the arguments of main to constructors. Nothing here may use stdio's buffers: they would be written twice.
 */
#include "python_part.h"
#include "supervise.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef AFTERCALL_VERSION
#error "AFTERCALL_VERSION is the version of the package; the Makefile defines it"
#endif

#define VERSION_LINE "aftercall " AFTERCALL_VERSION "\n"
#define USAGE_LINE \
    "aftercall: this is an AWS Lambda extension (AWS_LAMBDA_RUNTIME_API is not set): attach it as a layer, or try it with `aftercall " \
    "run`\n"

static void __attribute__((noreturn)) answer_a_human(int argc, char **argv) {
    bool version = argc == 2 && strcmp(argv[1], "--version") == 0;
    ssize_t ignored = version ? write(STDOUT_FILENO, VERSION_LINE, sizeof VERSION_LINE - 1) : write(STDERR_FILENO, USAGE_LINE, sizeof USAGE_LINE - 1);
    (void)ignored;
    _exit(version || (argc == 2 && strcmp(argv[1], "--help") == 0) ? 0 : 2);
}

/* The user's own variable of that name, if there is one, does not make this an incarnation. */
static bool is_incarnation(void) {
    const char *value = getenv(LAUNCHER_VARIABLE);
    return value != NULL && strncmp(value, "events=", 7) == 0;
}

static const char *own_path(char *path, size_t size, char **argv) {
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0) {
        return argv[0];
    }
    path[length] = '\0';
    return path;
}

/* PyInstaller's pyi_main.c: PYI_PROCESS_LEVEL_PARENT_NEEDS_RESTART of its own archive. */
static void go_on_as_restarted(const char *path) {
    (void)setenv("_PYI_ARCHIVE_FILE", path, 1);
    (void)setenv("_PYI_PARENT_PROCESS_LEVEL", "-1", 1);
}

static void __attribute__((constructor)) launch(int argc, char **argv) {
    char path[PATH_MAX];
    if (is_incarnation()) {
        return;
    }
    const char *program = own_path(path, sizeof path, argv);
    struct settings settings = settings_read(program);
    if (settings.runtime_api == NULL) {
        answer_a_human(argc, argv);
    }
    switch (supervise(&settings, true)) {
    case SUPERVISE_INCARNATION:
        go_on_as_restarted(program);
        return;
    case SUPERVISE_UNUSABLE:
        _exit(2);
    case SUPERVISE_ENDED:
        _exit(0);
    }
}
