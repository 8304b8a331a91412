package aftercall.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
    private final StringBuilder header = new StringBuilder(256);
    private final List<Part> parts = new ArrayList<>(4);
    private byte[] encoded;
    private int payload;

    /** {@code time} in nanoseconds since the epoch; {@code requestId} null or empty in the init phase. */
    Frame(String kind, long time, String requestId) {
        this.kind = kind;
        this.time = time;
        this.requestId = requestId;
        header.append("{\"kind\":\"").append(kind).append("\",\"time\":").append(time);
        if (requestId != null && !requestId.isEmpty()) {
            Json.field(header, "request_id", requestId);
        }
    }

    Frame with(String name, String value) {
        Json.field(header, name, value);
        return this;
    }

    Frame with(String name, long value) {
        Json.field(header, name, value);
        return this;
    }

    Frame with(String name, boolean value) {
        Json.field(header, name, value);
        return this;
    }

    /** {@code json} as it is. */
    Frame withJson(String name, CharSequence json) {
        header.append(",\"").append(name).append("\":").append(json);
        return this;
    }

    /** Fields that were made before, each with its comma. */
    Frame tail(String fields) {
        header.append(fields);
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
        if (encoded == null) {
            payload = payload();
            for (int i = 0; i < parts.size(); i++) {
                header.append(i == 0 ? ",\"parts\":[[\"" : ",[\"").append(parts.get(i).name).append("\",");
                header.append(parts.get(i).length).append(']');
            }
            header.append(parts.isEmpty() ? "}" : "]}");
            encoded = header.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
        return encoded.length > HEADER_BYTES ? -1 : 8 + encoded.length + payload;
    }

    /** Put it into a buffer that has room for {@link #size}. */
    void put(ByteBuffer to) {
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(encoded.length).putInt(payload).put(encoded);
        for (Part part : parts) {
            to.put(part.bytes, part.offset, part.length);
        }
    }
}
