package aftercall.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * One segment, as its writer holds it: SPOOL_FORMAT.md, "A segment". One thread at a time. What cannot be stored is an
 * IOException, or an InternalError where a mapped file has shrunk: the segment must be given up then. A
 * NoSuchFileException says that nothing can be stored any more; nothing was lost by that.
 */
abstract class Segment {
    /** Of a spare; one that a large frame needs is larger. */
    static final int USUAL_BYTES = 262_144;

    static final int HEAD_BYTES = 64;
    static final int CLOSED = 1;

    /** Closed, and must not be used again. */
    static final int BROKEN = 2;

    static final int COMMITTED = 8;
    static final int BASE = 12;
    private static final int CLOSED_MARK = 16;
    static final int TAKEN = 32;
    static final int OFF = 44;

    final File file;
    final int size;
    int committed;
    int base;

    /** The head's {@code base} is to be stored before anything else. */
    boolean isAnew;

    /** The process frame that it has told of last. */
    Frame told;

    Segment(File file, int size) {
        this.file = file;
        this.size = size;
    }

    /** The same, written in another way. */
    final Segment continued(Segment other) {
        other.committed = committed;
        other.base = base;
        other.isAnew = isAnew;
        other.told = told;
        return other;
    }

    /** Whether so many more bytes of frames have room. */
    final boolean fits(int length) {
        return end() + length <= size;
    }

    /** The offset at which the next frame goes. */
    final int end() {
        return HEAD_BYTES + committed - base;
    }

    /** Nothing is in it, or nothing since it began again. */
    final boolean isEmpty() {
        return committed == base;
    }

    /** Write these behind all others, and commit them together. */
    final void append(Frame[] frames, int count) throws IOException {
        int position = committed;
        for (int i = 0; i < count; i++) {
            position += frames[i].size();
        }
        write(frames, count, position);
        isAnew = false;
        committed = position;
    }

    /** Begin at its head, if the reader has done with everything. The head tells of it with the next frame. */
    final void beginAgain() throws IOException {
        if (!isEmpty() && taken() == committed) {
            base = committed;
            isAnew = true;
        }
    }

    /** It is not touched again; {@code mark} says how it was left. Never throws: its end is seen by the process's. */
    final void close(int mark) {
        try {
            mark(CLOSED_MARK, mark);
        } catch (IOException | RuntimeException | InternalError gone) {
            // There is nothing to mark.
        } finally {
            release();
        }
    }

    /** Whether it still is where it was, as long as it was. */
    final void look() throws IOException {
        if (file.length() < size) {
            throw new NoSuchFileException(file.getPath());
        }
    }

    /** From {@link #end} on, then store {@code position} in {@code committed}. */
    abstract void write(Frame[] frames, int count, int position) throws IOException;

    /** The reader's word. */
    abstract int taken() throws IOException;

    /** Nobody reads it any more. */
    abstract boolean isOff() throws IOException;

    /** Store a word. */
    abstract void mark(int word, int value) throws IOException;

    /** Give back what it holds in memory. */
    abstract void release();
}
