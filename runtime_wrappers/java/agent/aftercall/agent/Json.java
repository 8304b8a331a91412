package aftercall.agent;

/** The little JSON that frame headers are made of, escaped to ASCII. */
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /** {@code ,"name":"value"}; nothing when the value is null. */
    static void field(StringBuilder to, String name, String value) {
        if (value != null) {
            to.append(",\"").append(name).append("\":");
            quote(to, value);
        }
    }

    static void field(StringBuilder to, String name, long value) {
        to.append(",\"").append(name).append("\":").append(value);
    }

    static void field(StringBuilder to, String name, boolean value) {
        to.append(",\"").append(name).append("\":").append(value);
    }

    static void quote(StringBuilder to, String text) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127 && c != '"' && c != '\\') {
                to.append(c);
            } else {
                escape(to, c);
            }
        }
        to.append('"');
    }

    private static void escape(StringBuilder to, char c) {
        int at = "\"\\\n\r\t\b\f".indexOf(c);
        if (at >= 0) {
            to.append('\\').append("\"\\nrtbf".charAt(at));
        } else {
            to.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                to.append(HEX[c >> shift & 15]);
            }
        }
    }

    /** {@code value} as 16 lower-case hex digits. */
    static String hex(long value) {
        char[] digits = new char[16];
        for (int i = 0; i < 16; i++) {
            digits[i] = HEX[(int) (value >>> 60 - 4 * i) & 15];
        }
        return new String(digits);
    }
}
