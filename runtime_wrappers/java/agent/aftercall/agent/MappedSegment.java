package aftercall.agent;

import java.io.File;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A segment that is written by stores into its mapping. No descriptor is held. */
final class MappedSegment extends Segment {
    /** From here on a part goes by a write: to store into pages that were never touched costs eight times as much. */
    private static final int LARGE_BYTES = 16 << 10;

    /**
     * Before Java 21 the error of a store behind the end of a file that shrank comes later, in code that is not ours;
     * before 14 it may end the JVM.
     */
    private static final boolean MUST_LOOK = JavaVersion.NUMBER < 21;

    private static final byte[] ZEROS = new byte[8];

    private final ByteBuffer mapped;

    MappedSegment(File file, ByteBuffer mapped) {
        super(file, mapped.capacity());
        this.mapped = mapped;
        mapped.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    void write(Frame[] frames, int count, int position) throws IOException {
        lookIfNeeded();
        if (isAnew) {
            SharedWords.storeRelease(mapped, BASE, base);
        }
        // Through the superclass: ByteBuffer's own position() came with Java 9.
        ((Buffer) mapped).position(end());
        for (int i = 0; i < count; i++) {
            put(frames[i]);
        }
        SharedWords.storeRelease(mapped, COMMITTED, position);
    }

    private void lookIfNeeded() throws IOException {
        if (MUST_LOOK) {
            look();
        }
    }

    private void put(Frame frame) throws IOException {
        int end = mapped.position() + frame.size();
        mapped.put(frame.bytes, 0, frame.length);
        for (Frame.Part part = frame.parts(); part != null; part = part.next) {
            if (part.length > LARGE_BYTES && SegmentFile.write(file, part, mapped.position())) {
                ((Buffer) mapped).position(mapped.position() + part.length);
            } else {
                mapped.put(part.bytes, part.offset, part.length);
            }
        }
        mapped.put(ZEROS, 0, end - mapped.position());
    }

    @Override
    int taken() throws IOException {
        lookIfNeeded();
        return SharedWords.loadAcquire(mapped, TAKEN);
    }

    /** Without its name nobody reads it, nor can say so. */
    @Override
    boolean isOff() throws IOException {
        look();
        return SharedWords.loadAcquire(mapped, OFF) != 0;
    }

    @Override
    void mark(int word, int value) throws IOException {
        lookIfNeeded();
        SharedWords.storeRelease(mapped, word, value);
    }

    @Override
    void release() {
        try {
            AftercallMapping.undo(mapped);
        } catch (LinkageError | RuntimeException exception) {
            // The collector does it, some time.
        }
    }
}
