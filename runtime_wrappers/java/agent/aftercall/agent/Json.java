package aftercall.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The little JSON that frame headers are made of, escaped to ASCII, as the bytes that are written. */
final class Json {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] bytes;
    private int length;

    Json(int room) {
        bytes = new byte[room];
    }

    /** ASCII as it is. */
    @SuppressWarnings("deprecation") // the one way to copy a String's low bytes without an array between
    Json raw(String ascii) {
        int count = ascii.length();
        room(count);
        ascii.getBytes(0, count, bytes, length);
        length += count;
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** {@code ,"name":"value"}; nothing when the value is null. */
    Json field(String name, String value) {
        return value == null ? this : name(name).quote(value);
    }

    Json field(String name, long value) {
        return name(name).raw(Long.toString(value));
    }

    Json field(String name, boolean value) {
        return name(name).raw(value ? "true" : "false");
    }

    Json name(String name) {
        return raw(",\"").raw(name).raw("\":");
    }

    Json quote(String text) {
        raw("\"");
        int plain = plainLength(text);
        if (plain == text.length()) {
            raw(text);
        } else {
            raw(text.substring(0, plain));
            for (int i = plain; i < text.length(); i++) {
                character(text.charAt(i));
            }
        }
        return raw("\"");
    }

    private static int plainLength(String text) {
        int count = text.length();
        for (int i = 0; i < count; i++) {
            if (!isPlain(text.charAt(i))) {
                return i;
            }
        }
        return count;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 127 && c != '"' && c != '\\';
    }

    private void character(char c) {
        room(6);
        if (isPlain(c)) {
            bytes[length++] = (byte) c;
            return;
        }
        bytes[length++] = '\\';
        int at = "\"\\\n\r\t\b\f".indexOf(c);
        if (at >= 0) {
            bytes[length++] = (byte) "\"\\nrtbf".charAt(at);
            return;
        }
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[c >> shift & 15];
        }
    }

    /** Bytes until now. */
    int size() {
        return length;
    }

    void putInto(ByteBuffer to) {
        to.put(bytes, 0, length);
    }

    @Override
    @SuppressWarnings("deprecation") // all is ASCII, which no decoder need look at
    public String toString() {
        return new String(bytes, 0, 0, length);
    }

    /** {@code value} as 16 lower-case hex digits. */
    @SuppressWarnings("deprecation") // the same
    static String hex(long value) {
        byte[] digits = new byte[16];
        for (int i = 0; i < 16; i++) {
            digits[i] = HEX[(int) (value >>> 60 - 4 * i) & 15];
        }
        return new String(digits, 0, 0, 16);
    }
}
