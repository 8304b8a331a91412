package aftercall.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** The file system's side of a segment. No descriptor outlives a method: user code may close what it does not know. */
final class SegmentFile {
    private static final Set<OpenOption> APPEND =
            options(StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE = options(
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND,
            StandardOpenOption.CREATE_NEW,
            LinkOption.NOFOLLOW_LINKS);
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final FileAttribute<?>[] OWNER_ALONE = {PosixFilePermissions.asFileAttribute(OWNER)};
    private static final FileAttribute<?>[] NONE = {};

    /** The kernel gives it the owner that new files have. */
    private static final Path OURSELVES = Paths.get("/proc/self");

    /** stat's st_mode of a folder with mode 0700. */
    private static final int OPEN_TO_OWNER = 0040700;

    /** The same of a file with mode 0600. */
    private static final int FILE_OF_OWNER = 0100600;

    private SegmentFile() {}

    private static Set<OpenOption> options(OpenOption... options) {
        return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(options)));
    }

    /** False after a short write. */
    static boolean append(Path path, ByteBuffer frames, long sizeBefore) throws IOException {
        return write(path, APPEND, NONE, frames, sizeBefore);
    }

    /** The same for a file that must not be there yet. Its mode is 0600 whatever the umask, which Java cannot ask for. */
    static boolean create(Path path, ByteBuffer frames) throws IOException {
        boolean isWhole = write(path, CREATE, OWNER_ALONE, frames, 0);
        if (!Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS).equals(FILE_OF_OWNER)) {
            Files.setPosixFilePermissions(path, OWNER);
        }
        return isWhole;
    }

    /** Java closes the channel of an interrupted thread: the thread's flag is put aside for these microseconds. */
    private static boolean write(
            Path path, Set<OpenOption> options, FileAttribute<?>[] attributes, ByteBuffer frames, long sizeBefore)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        int size = frames.remaining();
        try (FileChannel channel = FileChannel.open(path, options, attributes)) {
            return channel.write(frames) == size;
        } catch (ClosedByInterruptException exception) {
            // Interrupted while it was written: the file itself says whether it was.
            interrupted = true;
            Thread.interrupted();
            return Files.size(path) == sizeBefore + size;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The bell. What cannot be renamed was taken or removed, and needs none. */
    static void rename(Path path, Path to) {
        try {
            Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException exception) {
            // The reader takes what still is .open.
        }
    }

    /**
     * Bytes of all that lies in the folder, at least {@code limit} when there is more; -1: there is no such folder, or
     * one that the launcher refuses. It says of that itself that nothing is recorded, and nobody would read there.
     */
    static long folderSize(Path folder, long limit) {
        java.io.File[] files = isOursAlone(folder) ? folder.toFile().listFiles() : null;
        if (files == null) {
            return -1;
        }
        long sum = 0;
        for (java.io.File file : files) {
            sum += file.length();
            if (sum > limit) {
                break;
            }
        }
        return sum;
    }

    private static boolean isOursAlone(Path folder) {
        try {
            Object mode = Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return (Integer) mode == OPEN_TO_OWNER && owner.equals(Files.getAttribute(OURSELVES, "unix:uid"));
        } catch (IOException | RuntimeException exception) {
            return false;
        }
    }
}
