package aftercall.agent;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/**
 * The file of a segment, open for as long as one write takes: user code may close descriptors that it does not know.
 * By RandomAccessFile: a FileChannel costs a cold process three times as much, and an interrupt of the thread closes it.
 * As that would make a file that is gone, {@link Segment#look} comes first.
 */
final class SegmentFile implements AutoCloseable {
    /** "aftcall" and the version, as a little-endian long. */
    private static final long MAGIC = 0x026c_6c61_6374_6661L;

    /** Gathered before it is written, and written at once: Java copies what it writes. */
    private static final int PIECE = 64 << 10;

    private static final int GATHERED = 8 << 10;

    private final RandomAccessFile file;
    private byte[] gathered;
    private int length;

    SegmentFile(File file) throws IOException {
        this.file = new RandomAccessFile(file, "rw");
    }

    /** A spare under its new name; null: it is none, and removed. Throws where it cannot be looked at. */
    static Segment take(File file) throws IOException {
        if (file.isFile()) {
            try (SegmentFile open = new SegmentFile(file)) {
                if (open.isSpare()) {
                    return new PlainSegment(file, Segment.USUAL_BYTES);
                }
            }
        }
        file.delete();
        return null;
    }

    private boolean isSpare() throws IOException {
        byte[] bytes = new byte[Segment.HEAD_BYTES];
        if (file.length() != Segment.USUAL_BYTES || file.read(bytes) != bytes.length) {
            return false;
        }
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 8; offset < bytes.length; offset += 8) {
            if (head.getLong(offset) != 0) {
                return false;
            }
        }
        return head.getLong(0) == MAGIC;
    }

    /** A new one, its space reserved; its mode is 0600 whatever the umask. */
    static Segment make(File file, int size) throws IOException {
        if (!file.createNewFile()) {
            throw new FileAlreadyExistsException(file.getPath());
        }
        try {
            Files.setPosixFilePermissions(
                    file.toPath(), EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            try (SegmentFile open = new SegmentFile(file)) {
                open.reserve(size);
            }
            return new PlainSegment(file, size);
        } catch (IOException | RuntimeException exception) {
            file.delete();
            throw exception;
        }
    }

    /** Java has no fallocate. */
    private void reserve(int size) throws IOException {
        byte[] zeros = new byte[PIECE];
        for (int at = 0; at < size; at += PIECE) {
            file.write(zeros);
        }
        byte[] magic = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(MAGIC).array();
        file.seek(0);
        file.write(magic);
    }

    /** Whether to map one costs no more the first time than later. */
    static boolean isQuickToMap() {
        try {
            return AftercallMapping.isQuick();
        } catch (LinkageError lacking) {
            return false;
        }
    }

    /** The same segment, mapped; the one that is given where that fails. */
    static Segment mapped(Segment plain) {
        boolean interrupted = Thread.interrupted(); // it would close the channel
        try (RandomAccessFile file = new RandomAccessFile(plain.file, "rw")) {
            return plain.continued(new MappedSegment(plain.file, AftercallMapping.map(file, plain.size)));
        } catch (IOException | RuntimeException | LinkageError exception) {
            return plain;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Write one part; false: nothing was written, since the name is gone, or no descriptor is left. */
    static boolean write(File file, Frame.Part part, int offset) throws IOException {
        try (SegmentFile open = file.exists() ? new SegmentFile(file) : null) {
            if (open == null) {
                return false;
            }
            open.seek(offset);
            open.put(part.bytes, part.offset, part.length);
            open.flush();
            return true;
        } catch (FileNotFoundException cannotOpen) {
            return false;
        }
    }

    void seek(int offset) throws IOException {
        file.seek(offset);
    }

    /** Behind what was put before. */
    void put(byte[] bytes, int offset, int count) throws IOException {
        if (gathered == null) {
            gathered = new byte[GATHERED];
        }
        if (length + count > GATHERED) {
            flush();
        }
        if (count <= GATHERED) {
            System.arraycopy(bytes, offset, gathered, length, count);
            length += count;
            return;
        }
        for (int done = 0; done < count; done += PIECE) {
            file.write(bytes, offset + done, Math.min(PIECE, count - done));
        }
    }

    private void flush() throws IOException {
        if (length > 0) {
            file.write(gathered, 0, length);
            length = 0;
        }
    }

    /** A word, once all else is written. */
    void store(int word, int value) throws IOException {
        flush();
        file.seek(word);
        file.write(new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)});
    }

    int load(int word) throws IOException {
        file.seek(word);
        return Integer.reverseBytes(file.readInt());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
