package java.lang;

/**
 * One outgoing HTTP exchange, as hooks in any class loader tell it. The agent's Call is the only subclass; what the
 * methods write is in SPOOL_FORMAT.md. A null call is one that is not to be recorded, and every hook must expect it.
 */
public abstract class AftercallCall {
    /** The agent's own, set once before anything is woven. */
    public static volatile AftercallCalls calls;

    /** A call of which nothing is written yet; null for what is not recorded at all. {@code proxy} may be null. */
    public static AftercallCall begin(
            String library, String method, String url, String host, int port, String proxy) {
        return calls.begin(library, method, url, host, port, proxy);
    }

    /** The call that connects or waits in this thread: what sockets and TLS handshakes add to. */
    public static AftercallCall current() {
        return calls.current();
    }

    /** Make it this thread's; returns the one before, to be given back when the method ends. */
    public static AftercallCall current(AftercallCall call) {
        AftercallCall before = calls.current();
        calls.current(call);
        return before;
    }

    /** The status of {@code HTTP/1.1 200 OK}; -1 where it is no status line. */
    public static int statusOf(String line) {
        if (line == null || !line.startsWith("HTTP/")) {
            return -1;
        }
        int at = line.indexOf(' ') + 1;
        while (at > 0 && at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        int status = 0;
        for (int i = at; i < at + 3; i++) {
            if (i >= line.length() || line.charAt(i) < '0' || line.charAt(i) > '9') {
                return -1;
            }
            status = 10 * status + line.charAt(i) - '0';
        }
        return status;
    }

    /** The number in a Content-Length field; -1 where there is none. */
    public static long lengthOf(String field) {
        try {
            return field == null ? -1 : Long.parseLong(field.trim());
        } catch (NumberFormatException exception) {
            return -1;
        }
    }

    /** Whether it need not be resolved: digits and dots, or an IPv6 address. */
    public static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    /** It connects to this host: a proxy, where that is not the one of the URL. */
    public abstract void via(String host, int port);

    /** The call has come to {@code stage}: the first one writes call_start. */
    public abstract void stage(String stage);

    public abstract String stage();

    /** What the call is for, where it began before that was known. */
    public abstract void target(String method, String url);

    /** The request's head as text; kept until the next frame that can carry it. */
    public abstract void requestHead(String head);

    /** The response's head is here: call_response. {@code length} of its body, less than 0 where only its end tells. */
    public abstract void responded(int status, String head, long length);

    /** Body bytes that the peer or the user's code was given. Null or empty pieces count for nothing. */
    public abstract void sent(byte[] bytes, int offset, int length);

    public abstract void received(byte[] bytes, int offset, int length);

    /** The same for bytes that are not in an array; only a prefix is taken, and the buffer is left as it was. */
    public abstract void sent(java.nio.ByteBuffer bytes);

    public abstract void received(java.nio.ByteBuffer bytes);

    /** {@code length} bytes passed that nobody looked at. */
    public abstract void skipped(long length);

    /** Bytes of body that must still come, as Content-Length says; less than 0: only their end tells. */
    public abstract long missing();

    /** The client undoes Content-Encoding before it is seen here. */
    public abstract void decoded();

    /** The call is over, once; {@code thrown} may be null. */
    public abstract void end(Throwable thrown, boolean complete);

    /** The same with an error that was never thrown. */
    public abstract void end(String errorType, String errorMessage);

    /** The same request, begun anew: a client that tries once more by itself. */
    public abstract AftercallCall again();

    public abstract boolean hasResponse();

    public abstract boolean hasEnded();

    /** The `traceparent` to send along; null unless AFTERCALL_PROPAGATE is set. */
    public abstract String traceparent();
}
