package aftercall.agent;

/** One frame of SPOOL_FORMAT.md: its two lengths and its header as they are written, and parts that are copied only then. */
final class Frame extends Json {
    static final int HEADER_BYTES = 65536;
    private static final int LENGTHS = 8;

    /** A name and some bytes, and the part behind it. */
    static final class Part {
        final String name;
        final byte[] bytes;
        final int offset;
        final int length;
        Part next;

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
    private Part parts;
    private Part last;
    private int payload;
    private boolean isWhole;

    /** {@code time} in nanoseconds since the epoch; {@code requestId} null or empty in the init phase. */
    Frame(String kind, long time, String requestId) {
        this(kind, time, requestId, new byte[0]);
        if (requestId != null && !requestId.isEmpty()) {
            text("request_id", requestId);
        }
    }

    /** With fields that were made before, its request id among them. */
    Frame(String kind, long time, String requestId, byte[] fields) {
        super(512);
        this.kind = kind;
        this.time = time;
        this.requestId = requestId;
        length = LENGTHS;
        raw("{\"kind\":\"");
        raw(kind);
        raw("\",\"time\":");
        digits(time);
        raw(fields);
    }

    Frame with(String name, String value) {
        text(name, value);
        return this;
    }

    /** A text that needs no escapes. */
    Frame withWord(String name, String value) {
        word(name, value);
        return this;
    }

    Frame with(String name, long value) {
        number(name, value);
        return this;
    }

    Frame with(String name, boolean value) {
        name(name);
        raw(value ? "true" : "false");
        return this;
    }

    /** {@code json} as it is. */
    Frame withJson(String name, String json) {
        name(name);
        raw(json);
        return this;
    }

    /** Fields that were made before, each with its comma. */
    Frame tail(byte[] fields) {
        raw(fields);
        return this;
    }

    /** At most {@code limit} bytes; an empty part is left out. */
    Frame part(String name, byte[] bytes, int offset, int limit) {
        int length = bytes == null ? 0 : Math.min(bytes.length - offset, limit);
        if (length > 0) {
            add(new Part(name, bytes, offset, length));
        }
        return this;
    }

    Frame part(String name, byte[] bytes) {
        return part(name, bytes, 0, Integer.MAX_VALUE);
    }

    private void add(Part part) {
        if (parts == null) {
            parts = part;
        } else {
            last.next = part;
        }
        last = part;
        payload += part.length;
    }

    void dropParts() {
        parts = null;
        payload = 0;
    }

    Part parts() {
        return parts;
    }

    /** Bytes of all parts. */
    int payload() {
        return payload;
    }

    /** End the header; the frame's whole size, or -1 when the header is too long. */
    int size() {
        if (!isWhole) {
            isWhole = true;
            end();
        }
        return length - LENGTHS > HEADER_BYTES ? -1 : length + payload + 7 & ~7;
    }

    private void end() {
        for (Part part = parts; part != null; part = part.next) {
            raw(part == parts ? ",\"parts\":[[\"" : ",[\"");
            raw(part.name);
            raw("\",");
            digits(part.length);
            raw("]");
        }
        raw(parts == null ? "}" : "]}");
        store(0, length - LENGTHS);
        store(4, payload);
    }

    private void store(int offset, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
    }
}
