#include "spool_folder.h"

#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0700
#define WATCHED (IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW)
/* The spool is flat, with a folder or two of the extension's own in it. */
#define RETIRED_DEPTH 8

/* Why the path cannot be the spool folder, or NULL. Looks through one descriptor, so that nobody can swap what was looked at. */
static const char *check(const char *path)
{
    struct stat found;
    const char *wrong = NULL;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        return errno == ENOTDIR || errno == ELOOP ? "it is a file or a symlink" : strerror(errno);
    }
    if (fstat(folder, &found) != 0) {
        wrong = strerror(errno);
    } else if (found.st_uid != geteuid()) {
        wrong = "it belongs to another user";
    } else if ((found.st_mode & 07777) != FOLDER_MODE && fchmod(folder, FOLDER_MODE) != 0) {
        wrong = strerror(errno);
    } else if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) != 0) {
        wrong = strerror(errno);
    }
    (void)close(folder);
    return wrong;
}

/* A folder of ours that lost the bits to be opened (mode 0) gets them back through its path. */
static const char *make(const char *path)
{
    struct stat found;
    if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST) {
        return strerror(errno);
    }
    if (lstat(path, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 0500) != 0500) {
        (void)fchmodat(AT_FDCWD, path, FOLDER_MODE, 0);
    }
    return check(path);
}

/* Watching the same folder twice is one watch, so this is right both for a folder that stayed and for one that is new. */
static void watch(struct spool_folder *folder)
{
    if (folder->bell >= 0 && inotify_add_watch(folder->bell, folder->path, WATCHED) < 0) {
        log_phase("cannot watch the spool folder (%s: %s)", folder->path, strerror(errno));
    }
}

bool spool_folder_open(struct spool_folder *folder, const char *path)
{
    *folder = (struct spool_folder){.path = path, .bell = -1};
    const char *wrong = path[0] == '/' ? make(path) : "it is not an absolute path";
    if (wrong != NULL) {
        log_line("cannot use the spool folder (%s: %s): nothing is recorded; set AFTERCALL_SPOOL_DIR to a folder that can be made",
                 path, wrong);
        return false;
    }
    folder->bell = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch(folder);
    return true;
}

void spool_folder_mend(struct spool_folder *folder)
{
    const char *wrong = make(folder->path);
    if (wrong != NULL) {
        log_phase("the spool folder is not usable (%s: %s)", folder->path, wrong);
        return;
    }
    watch(folder);
}

/* Takes over `parent`. */
static void empty(int parent, unsigned depth)
{
    DIR *entries = fdopendir(parent);
    if (entries == NULL) {
        (void)close(parent);
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            unlinkat(dirfd(entries), entry->d_name, 0) == 0) {
            continue;
        }
        int inner = depth > 0 ? openat(dirfd(entries), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        if (inner >= 0) {
            empty(inner, depth - 1);
            (void)unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
        }
    }
    (void)closedir(entries);
}

void spool_folder_retire(struct spool_folder *folder)
{
    char away[PATH_MAX];
    int length = snprintf(away, sizeof away, "%s.off-%ld", folder->path, (long)getpid());
    if (length > 0 && (size_t)length < sizeof away && rename(folder->path, away) == 0) {
        int retired = open(away, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (retired >= 0) {
            empty(retired, RETIRED_DEPTH);
        }
        (void)rmdir(away);
    }
    if (folder->bell >= 0) {
        (void)close(folder->bell);
        folder->bell = -1;
    }
}
