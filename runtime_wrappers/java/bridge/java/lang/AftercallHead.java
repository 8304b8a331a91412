package java.lang;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A head in HTTP/1.1's text form, as the bytes that are recorded. */
public final class AftercallHead {
    private byte[] bytes = new byte[512];
    private int length;

    /** Nothing yet. */
    public AftercallHead() {}

    public AftercallHead(String startLine) {
        line(startLine);
    }

    public void line(String text) {
        add(text);
        end('\r', '\n');
    }

    /** HTTP/2's pseudo fields are left out: the start line tells what they do. */
    public void field(String name, String value) {
        if (!name.startsWith(":")) {
            add(name);
            end(':', ' ');
            line(value == null ? "" : value);
        }
    }

    /** Bytes that are a piece of a head already; the buffer is left as it was. */
    public void add(ByteBuffer piece) {
        int count = piece.remaining();
        room(count);
        piece.duplicate().get(bytes, length, count);
        length += count;
    }

    private void add(String text) {
        byte[] more = text.getBytes(StandardCharsets.ISO_8859_1);
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void end(char first, char second) {
        room(2);
        bytes[length++] = (byte) first;
        bytes[length++] = (byte) second;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** All of it, with the blank line that ends a head. */
    public byte[] end() {
        end('\r', '\n');
        return bytes();
    }

    /** All of it, as it is. */
    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
