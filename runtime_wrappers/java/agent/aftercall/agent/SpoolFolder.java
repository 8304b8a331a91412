package aftercall.agent;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;

/** The folder that the launcher makes: its segments and its bell. SPOOL_FORMAT.md, "The folder". */
final class SpoolFolder {
    private static final int SPARES = 4;
    private static final int ROUNDED_TO = 65_536;

    /** Bytes of frames up to which there is room for as many again: an event, and a response as large. */
    private static final int DOUBLED = 4 << 20;

    /** The kernel gives it the owner that new files have. */
    private static final Path OURSELVES = Paths.get("/proc/self");

    /** stat's st_mode of a folder with mode 0700. */
    private static final int OPEN_TO_OWNER = 0040700;

    private final File folder;
    private final File bell;
    private final File[] spares = new File[SPARES];

    SpoolFolder(String path) {
        folder = new File(path);
        bell = new File(folder, "bell");
        for (int i = 0; i < SPARES; i++) {
            spares[i] = new File(folder, i + 1 + ".spare");
        }
    }

    /** A spare as {@code name}; null if there is none. */
    Segment take(String name) {
        File file = new File(folder, name);
        for (File spare : spares) {
            Segment segment = spare.renameTo(file) ? take(file, spare) : null;
            if (segment != null) {
                return segment;
            }
        }
        return null;
    }

    private static Segment take(File file, File spare) {
        try {
            return SegmentFile.take(file);
        } catch (IOException exception) { // no descriptor is left: it is for whoever has one
            file.renameTo(spare);
            return null;
        }
    }

    boolean exists() {
        return folder.isDirectory();
    }

    /** A new one with room for so many bytes of frames; null if there is one with the name. */
    Segment make(String name, int length) throws IOException {
        try {
            return SegmentFile.make(new File(folder, name), sizeFor(length));
        } catch (FileAlreadyExistsException next) {
            return null;
        }
    }

    private static int sizeFor(int length) {
        if (Segment.HEAD_BYTES + length <= Segment.USUAL_BYTES) {
            return Segment.USUAL_BYTES;
        }
        int needed = Segment.HEAD_BYTES + (length <= DOUBLED ? 2 * length : length);
        return (needed + ROUNDED_TO - 1) / ROUNDED_TO * ROUNDED_TO;
    }

    /** False: there is no bell. What else fails costs some time alone: the Telemetry API says the same later. */
    boolean ring() {
        if (!bell.isFile()) { // and to open what else may stand there could hang
            return false;
        }
        try {
            new FileInputStream(bell).close();
        } catch (IOException exception) {
            // No descriptor is left.
        }
        return true;
    }

    /**
     * Bytes of all that lies in the folder, at least {@code limit} when there is more; -1: there is no such folder, or
     * one that the launcher refuses. It says of that itself that nothing is recorded, and nobody would read there.
     */
    long size(long limit) {
        File[] files = isOursAlone() ? folder.listFiles() : null;
        if (files == null) {
            return -1;
        }
        long sum = 0;
        for (File file : files) {
            sum += file.length();
            if (sum > limit) {
                break;
            }
        }
        return sum;
    }

    private boolean isOursAlone() {
        Path path = folder.toPath();
        try {
            Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return (Integer) mode == OPEN_TO_OWNER && owner.equals(Files.getAttribute(OURSELVES, "unix:uid"));
        } catch (IOException | RuntimeException exception) {
            return false;
        }
    }
}
