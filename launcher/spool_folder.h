/* The folder that the runtime wrappers write to (runtime_wrappers/SPOOL_FORMAT.md) and the inotify watch on it. */
#ifndef AFTERCALL_SPOOL_FOLDER_H
#define AFTERCALL_SPOOL_FOLDER_H

#include <stdbool.h>

struct spool_folder {
    const char *path;
    int bell; /* inotify descriptor; -1 if there is none */
};

/* Makes the folder with mode 0700 if it is not there, gives it back that mode if it is ours, and watches it. False, after one log
 * line, where the path is a symlink, a file, somebody else's folder, one with other files in it or cannot be made or written. */
bool spool_folder_open(struct spool_folder *folder, const char *path);

/* Hangs the bell and makes spare segments. Costs a few disk writes, and no wrapper needs either before its runtime runs. */
void spool_folder_furnish(struct spool_folder *folder);

/* All of it again at each event, because /tmp is the user's: a folder that was deleted or replaced is there and watched afterwards.
 * Silent but for debug lines. */
void spool_folder_mend(struct spool_folder *folder);

/* After a death of the Python part: turns the segments off that have brought it down twice. */
void spool_folder_shun(const struct spool_folder *folder);

/* How many unread segments lie there. */
unsigned spool_folder_segments(const struct spool_folder *folder);

/* Turns the wrappers off: renames the folder away, so that they find nothing to open, says so in each segment, since they have mapped
 * them, then removes it and closes the bell. Gives the number of unread segments that went with it. */
unsigned spool_folder_retire(struct spool_folder *folder);

#endif
