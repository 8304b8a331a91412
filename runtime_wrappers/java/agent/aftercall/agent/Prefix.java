package aftercall.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The first bytes of a body, and how many have passed. What was given to one frame is not given to the next. */
final class Prefix {
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int length;
    private int given;
    private long size;

    Prefix(int limit) {
        this.limit = limit;
    }

    void add(byte[] from, int offset, int count) {
        size += count;
        int room = Math.min(limit - length, count);
        if (room > 0) {
            System.arraycopy(from, offset, grown(room), length, room);
            length += room;
        }
    }

    /** Takes from a copy of the buffer's position: the buffer itself is the user's. */
    void add(ByteBuffer from) {
        size += from.remaining();
        int room = Math.min(limit - length, from.remaining());
        if (room > 0) {
            from.duplicate().get(grown(room), length, room);
            length += room;
        }
    }

    int room() {
        return limit - length;
    }

    void skip(long count) {
        size += count;
    }

    private byte[] grown(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(length + more, 2 * bytes.length)));
        }
        return bytes;
    }

    long size() {
        return size;
    }

    /** What was added since the last time, as a part of the frame. */
    void giveTo(Frame frame, String part) {
        if (length > given) {
            frame.part(part, bytes.length == length ? bytes : Arrays.copyOf(bytes, length), given, length - given);
            given = length;
        }
    }
}
