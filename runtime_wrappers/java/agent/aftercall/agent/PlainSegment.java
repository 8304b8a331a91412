package aftercall.agent;

import java.io.File;
import java.io.IOException;

/** A segment that is written by plain writes: opened for each, by its name. */
final class PlainSegment extends Segment {
    private static final byte[] ZEROS = new byte[8];

    PlainSegment(File file, int size) {
        super(file, size);
    }

    @Override
    void write(Frame[] frames, int count, int position) throws IOException {
        look();
        try (SegmentFile open = new SegmentFile(file)) {
            if (isAnew) {
                open.store(BASE, base);
            }
            open.seek(end());
            for (int i = 0; i < count; i++) {
                put(frames[i], open);
            }
            open.store(COMMITTED, position);
        }
    }

    private static void put(Frame frame, SegmentFile open) throws IOException {
        int left = frame.size() - frame.length;
        open.put(frame.bytes, 0, frame.length);
        for (Frame.Part part = frame.parts(); part != null; part = part.next) {
            open.put(part.bytes, part.offset, part.length);
            left -= part.length;
        }
        open.put(ZEROS, 0, left);
    }

    @Override
    int taken() throws IOException {
        return load(TAKEN);
    }

    @Override
    boolean isOff() throws IOException {
        return load(OFF) != 0;
    }

    private int load(int word) throws IOException {
        look();
        try (SegmentFile open = new SegmentFile(file)) {
            return open.load(word);
        }
    }

    @Override
    void mark(int word, int value) throws IOException {
        look();
        try (SegmentFile open = new SegmentFile(file)) {
            open.store(word, value);
        }
    }

    @Override
    void release() {
        // It holds nothing.
    }
}
