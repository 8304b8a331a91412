#include "spool_folder.h"

#include "log.h"
#include "spool_segments.h"

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
/* The spool is flat; what else lies in it, the user has put there since. */
#define DEPTH 8

/* One that the runtime takes, and one for a child or an invocation with many calls. */
#define FIRST_SPARES 2
#define LATER_SPARES 1

static bool is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

static bool holds_files_of_others(int folder) {
    bool found = false;
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    if (entries == NULL) {
        return false;
    }
    for (struct dirent *entry; !found && (entry = readdir(entries)) != NULL;) {
        const char *name = entry->d_name;
        found = !is_dots(name) && !is_spool_file(name);
    }
    (void)closedir(entries);
    return found;
}

/* A whole file system (/tmp, /, a mounted one) is not ours to close to others, and the user's files come to lie in it. */
static bool is_mount_point(int folder, const struct stat *found) {
    struct stat above;
    return fstatat(folder, "..", &above, 0) == 0 && (above.st_dev != found->st_dev || above.st_ino == found->st_ino);
}

/* Why the path cannot be the spool folder, or NULL. Looks through one descriptor, so that nobody can swap what was looked at.
 * `first`: what lies in it has to tell that it is ours, since it is given our mode and, in the end, emptied. */
static const char *check(const char *path, bool first) {
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
    } else if (first && is_mount_point(folder, &found)) {
        wrong = "it is the root of a file system";
    } else if (first && holds_files_of_others(folder)) {
        wrong = "other files are in it";
    } else if ((found.st_mode & 07777) != FOLDER_MODE && fchmod(folder, FOLDER_MODE) != 0) {
        wrong = strerror(errno);
    } else if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) != 0) {
        wrong = strerror(errno);
    }
    (void)close(folder);
    return wrong;
}

/* A folder of ours that lost the bits to be opened (mode 0) gets them back through its path. */
static const char *make(const char *path, bool first) {
    struct stat found;
    if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST) {
        return strerror(errno);
    }
    if (lstat(path, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 0500) != 0500) {
        (void)fchmodat(AT_FDCWD, path, FOLDER_MODE, 0);
    }
    return check(path, first);
}

/* Watching the same folder twice is one watch, so this is right both for a folder that stayed and for one that is new. */
static void watch(struct spool_folder *folder) {
    if (folder->bell >= 0 && inotify_add_watch(folder->bell, folder->path, WATCHED) < 0) {
        log_phase("cannot watch the spool folder (%s: %s)", folder->path, strerror(errno));
    }
}

bool spool_folder_open(struct spool_folder *folder, const char *path) {
    *folder = (struct spool_folder){.path = path, .bell = -1};
    const char *wrong = path[0] == '/' ? make(path, true) : "it is not an absolute path";
    if (wrong != NULL) {
        log_line("cannot use the spool folder (%s: %s): nothing is recorded; set AFTERCALL_SPOOL_DIR to a folder that can be made", path, wrong);
        return false;
    }
    folder->bell = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch(folder);
    return true;
}

/* The file that is there, or that is made: a watch is on a file, not on its name. */
static void hang_the_bell(const struct spool_folder *folder, int opened) {
    char bell[PATH_MAX];
    int length = snprintf(bell, sizeof bell, "%s/" SPOOL_BELL, folder->path);
    if (length <= 0 || (size_t)length >= sizeof bell || folder->bell < 0) {
        return;
    }
    if (inotify_add_watch(folder->bell, bell, IN_OPEN | IN_DONT_FOLLOW) < 0) {
        make_bell(opened);
        if (inotify_add_watch(folder->bell, bell, IN_OPEN | IN_DONT_FOLLOW) < 0) {
            log_phase("cannot watch the bell (%s: %s)", bell, strerror(errno));
        }
    }
}

static void furnish(const struct spool_folder *folder, unsigned spares) {
    int opened = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened >= 0) {
        hang_the_bell(folder, opened);
        make_spares(opened, spares);
        (void)close(opened);
    }
}

void spool_folder_furnish(struct spool_folder *folder) { furnish(folder, FIRST_SPARES); }

void spool_folder_mend(struct spool_folder *folder) {
    const char *wrong = make(folder->path, false);
    if (wrong != NULL) {
        log_phase("the spool folder is not usable (%s: %s)", folder->path, wrong);
        return;
    }
    watch(folder);
    furnish(folder, LATER_SPARES);
}

static bool is_unread_segment(int folder, const char *name) { return is_segment(name) && segment_is_unread(folder, name); }

/* Takes over `parent`; returns the number of unread segments that were removed. */
static unsigned empty(int parent, unsigned depth) {
    unsigned segments = 0;
    DIR *entries = fdopendir(parent);
    if (entries == NULL) {
        (void)close(parent);
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (is_dots(entry->d_name)) {
            continue;
        }
        bool unread = is_unread_segment(dirfd(entries), entry->d_name);
        segment_turn_off(dirfd(entries), entry->d_name);
        if (unlinkat(dirfd(entries), entry->d_name, 0) == 0) {
            segments += unread;
            continue;
        }
        int inner = depth > 0 ? openat(dirfd(entries), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
        if (inner >= 0) {
            (void)empty(inner, depth - 1);
            (void)unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
        }
    }
    (void)closedir(entries);
    return segments;
}

static unsigned remove_whole(const char *path) {
    unsigned segments = 0;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0) {
        segments = empty(folder, DEPTH);
    }
    (void)rmdir(path);
    return segments;
}

void spool_folder_shun(const struct spool_folder *folder) {
    DIR *entries = opendir(folder->path);
    if (entries == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        segment_shun(dirfd(entries), entry->d_name);
    }
    (void)closedir(entries);
}

unsigned spool_folder_segments(const struct spool_folder *folder) {
    unsigned segments = 0;
    DIR *entries = opendir(folder->path);
    if (entries == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        segments += is_unread_segment(dirfd(entries), entry->d_name);
    }
    (void)closedir(entries);
    return segments;
}

unsigned spool_folder_retire(struct spool_folder *folder) {
    unsigned segments = 0;
    char away[PATH_MAX];
    int length = snprintf(away, sizeof away, "%s.off-%ld", folder->path, (long)getpid());
    if (length > 0 && (size_t)length < sizeof away && rename(folder->path, away) == 0) {
        segments = remove_whole(away);
    }
    if (folder->bell >= 0) {
        (void)close(folder->bell);
        folder->bell = -1;
    }
    return segments;
}
