package aftercall.agent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The little JSON that frame headers are made of, escaped to ASCII, as the bytes that are written. */
class Json {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /** What was written until now, and what may be written later. */
    byte[] bytes;

    int length;

    Json(int room) {
        bytes = new byte[room];
    }

    /** ASCII as it is. */
    @SuppressWarnings("deprecation") // the one way to copy a String's low bytes without an array between
    final void raw(String ascii) {
        int count = ascii.length();
        room(count);
        ascii.getBytes(0, count, bytes, length);
        length += count;
    }

    final void raw(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
    }

    final void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** {@code ,"name":"value"}; nothing when the value is null. */
    final void text(String name, String value) {
        if (value != null) {
            name(name);
            quote(value);
        }
    }

    final void number(String name, long value) {
        name(name);
        digits(value);
    }

    @SuppressWarnings("deprecation") // the same
    final void name(String name) {
        int count = name.length();
        room(count + 4);
        byte[] to = bytes;
        int at = length;
        to[at++] = ',';
        to[at++] = '"';
        name.getBytes(0, count, to, at);
        at += count;
        to[at++] = '"';
        to[at++] = ':';
        length = at;
    }

    final void digits(long value) {
        if (value < 0) {
            raw(Long.toString(value));
            return;
        }
        byte[] digits = new byte[20];
        int at = digits.length;
        long rest = value;
        for (; rest > Integer.MAX_VALUE; rest /= 10) {
            digits[--at] = (byte) ('0' + rest % 10);
        }
        int small = (int) rest;
        do {
            digits[--at] = (byte) ('0' + small % 10);
            small /= 10;
        } while (small > 0);
        room(digits.length - at);
        System.arraycopy(digits, at, bytes, length, digits.length - at);
        length += digits.length - at;
    }

    /** {@code ,"name":"value"} of a value that needs no escapes. */
    final void word(String name, String value) {
        name(name);
        raw("\"");
        raw(value);
        raw("\"");
    }

    final void quote(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
        raw("\"");
        if (isPlain(ascii, text)) {
            raw(ascii);
        } else {
            for (int i = 0; i < text.length(); i++) {
                character(text.charAt(i));
            }
        }
        raw("\"");
    }

    /** Whether it is all ASCII, and needs no escapes. Half a surrogate pair becomes a question mark. */
    private static boolean isPlain(byte[] bytes, String text) {
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b < ' ' || b == '"' || b == '\\' || b == 127 || b == '?' && text.charAt(i) != '?') {
                return false;
            }
        }
        return true;
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

    final byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    @SuppressWarnings("deprecation") // all is ASCII, which no decoder need look at
    public String toString() {
        return new String(bytes, 0, 0, length);
    }

    final void hexDigits(long value) {
        room(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (value >>> shift) & 15];
        }
    }

    /** {@code value} as 16 lower-case hex digits. */
    static String hex(long value) {
        Json digits = new Json(16);
        digits.hexDigits(value);
        return digits.toString();
    }
}
