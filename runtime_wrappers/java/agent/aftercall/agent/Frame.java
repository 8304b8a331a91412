package aftercall.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One frame of SPOOL_FORMAT.md: a JSON header, and parts that are copied only when it is written. */
final class Frame {
    static final int HEADER_BYTES = 65536;

    /** A name and the bytes from {@code offset} on. */
    private static final class Part {
        final String name;
        final byte[] bytes;
        final int offset;
        final int length;

        Part(String name, byte[] bytes, int offset, int length) {
            this.name = name;
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
        }
    }

    final String kind;
    final long time;
    final String requestId;
    private final Json header = new Json(384);
    private final List<Part> parts = new ArrayList<>(4);
    private boolean isWhole;
    private int payload;

    /** {@code time} in nanoseconds since the epoch; {@code requestId} null or empty in the init phase. */
    Frame(String kind, long time, String requestId) {
        this.kind = kind;
        this.time = time;
        this.requestId = requestId;
        header.raw("{\"kind\":\"").raw(kind).raw("\",\"time\":").raw(Long.toString(time));
        if (requestId != null && !requestId.isEmpty()) {
            header.field("request_id", requestId);
        }
    }

    Frame with(String name, String value) {
        header.field(name, value);
        return this;
    }

    Frame with(String name, long value) {
        header.field(name, value);
        return this;
    }

    Frame with(String name, boolean value) {
        header.field(name, value);
        return this;
    }

    /** {@code json} as it is. */
    Frame withJson(String name, String json) {
        header.name(name).raw(json);
        return this;
    }

    /** Fields that were made before, each with its comma. */
    Frame tail(String fields) {
        header.raw(fields);
        return this;
    }

    /** At most {@code limit} bytes; an empty part is left out. */
    Frame part(String name, byte[] bytes, int offset, int limit) {
        int length = bytes == null ? 0 : Math.min(bytes.length - offset, limit);
        if (length > 0) {
            parts.add(new Part(name, bytes, offset, length));
        }
        return this;
    }

    Frame part(String name, byte[] bytes) {
        return part(name, bytes, 0, Integer.MAX_VALUE);
    }

    void dropParts() {
        parts.clear();
    }

    /** Bytes of all parts. */
    int payload() {
        int sum = 0;
        for (Part part : parts) {
            sum += part.length;
        }
        return sum;
    }

    /** End the header; the frame's whole size, or -1 when the header is too long. */
    int size() {
        if (!isWhole) {
            isWhole = true;
            payload = payload();
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                header.raw(i == 0 ? ",\"parts\":[[\"" : ",[\"").raw(part.name).raw("\",");
                header.raw(Integer.toString(part.length)).raw("]");
            }
            header.raw(parts.isEmpty() ? "}" : "]}");
        }
        return header.size() > HEADER_BYTES ? -1 : 8 + header.size() + payload;
    }

    /** Put it into a buffer that has room for {@link #size}. */
    void put(ByteBuffer to) {
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(header.size()).putInt(payload);
        header.putInto(to);
        for (Part part : parts) {
            to.put(part.bytes, part.offset, part.length);
        }
    }
}
