package aftercall.agent;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The trace of one invocation for what it calls, by AFTERCALL_PROPAGATE: SPOOL_FORMAT.md, "Propagation". Found when the
 * first call asks for it, as the extension finds it: by search, since most events carry none.
 */
final class Traceparent {
    private static final String KEY = "\"traceparent\"";
    private static final int LENGTH = 55;

    private final String requestId;
    private final String xray;
    private byte[] event;
    private String trace;
    private String flags = "01";

    /** {@code xray} and {@code event} may be null. */
    Traceparent(String requestId, String xray, byte[] event) {
        this.requestId = requestId;
        this.xray = xray == null ? "" : xray;
        this.event = event == null ? new byte[0] : event;
    }

    /** The header of one call; null where the invocation has no trace id to give. */
    synchronized String of(String spanId) {
        if (event != null) {
            find(new String(event, StandardCharsets.ISO_8859_1));
            event = null;
        }
        return trace == null ? null : "00-" + trace + '-' + spanId + '-' + flags;
    }

    private void find(String event) {
        if (!fromEvent(event) && !fromXray()) {
            String digits = digitsOf(requestId);
            trace = isId(digits, 32) ? digits : null;
        }
    }

    private boolean fromEvent(String event) {
        if (!event.contains("\"headers\"") && !event.contains("\"multiValueHeaders\"")) {
            return false;
        }
        int at = event.indexOf('"');
        while (at >= 0 && !(event.regionMatches(true, at, KEY, 0, KEY.length())
                && fromHeader(event, at + KEY.length()))) {
            at = event.indexOf('"', at + 1);
        }
        return at >= 0;
    }

    /** `: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"`, or the same in an array. */
    private boolean fromHeader(String event, int from) {
        int start = from;
        while (start < event.length() && " \t\r\n".indexOf(event.charAt(start)) >= 0) {
            start++;
        }
        if (start == event.length() || event.charAt(start) != ':') {
            return false; // the name is somebody's value
        }
        while (start < event.length() && " :\t\r\n[\"".indexOf(event.charAt(start)) >= 0) {
            start++;
        }
        String[] fields = event.substring(start, Math.min(start + LENGTH, event.length())).split("-");
        boolean isWhole = fields.length == 4 && !fields[0].equals("ff") && isHex(fields[3], 2);
        if (!isWhole || !isId(fields[1], 32) || !isId(fields[2], 16)) {
            return false;
        }
        trace = fields[1];
        flags = (Integer.parseInt(fields[3], 16) & 1) == 1 ? "01" : "00";
        return true;
    }

    /** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`. */
    private boolean fromXray() {
        String root = "";
        boolean sampled = true;
        for (String part : xray.split(";")) {
            String field = part.trim();
            if (field.startsWith("Root=")) {
                root = field.substring("Root=".length());
            } else if (field.startsWith("Sampled=")) {
                sampled = !field.equals("Sampled=0");
            }
        }
        String id = root.startsWith("1-") ? digitsOf(root.substring(2)) : "";
        if (!isId(id, 32)) {
            return false;
        }
        trace = id;
        flags = sampled ? "01" : "00";
        return true;
    }

    private static String digitsOf(String text) {
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isId(String text, int length) {
        if (!isHex(text, length)) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean isHex(String text, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
