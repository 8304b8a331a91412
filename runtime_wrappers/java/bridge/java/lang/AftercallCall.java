package java.lang;

/**
 * One outgoing HTTP exchange, as hooks in any class loader tell it. The agent's Call is the only subclass; what the
 * methods write is in SPOOL_FORMAT.md. A null call is one that is not to be recorded, and every hook must expect it.
 */
public abstract class AftercallCall {
    /** The agent's own, set once before anything is woven. */
    public static volatile AftercallCalls calls;

    /** What a library's hooks must find again later; the next try of the same request has it too. */
    public volatile Object kept;

    /** The user's code reads no further: what is read from now on, the library reads. */
    public volatile boolean isLeft;

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
        return calls.current(call);
    }

    /** The status of {@code HTTP/1.1 200 OK}; -1 if it is not a status line. */
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

    /** The number in a Content-Length field; -1 if there is none. */
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

    /** {@code http://host:port}, without the scheme's own port. */
    public static String origin(String scheme, String host, int port) {
        boolean isDefault = port == ("https".equalsIgnoreCase(scheme) ? 443 : 80);
        String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? '[' + host + ']' : host;
        return scheme + "://" + name + (isDefault ? "" : ":" + port);
    }

    /** It connects to this host: a proxy, where that is not the one of the URL. */
    public abstract void via(String host, int port);

    /** The same, when the host is about to be resolved: a name can hang there. Null: the URL's own host. */
    public abstract void resolve(String host, int port);

    /** How many more bytes of the bodies are kept. */
    public abstract int wantedOfRequest();

    public abstract int wantedOfResponse();

    /** Less than any send buffer: a request below this size cannot wait for its peer to read. */
    private static final int SMALL_REQUEST = 8192;

    /** Whether sending may take its time: by the body's length (less than 0: unknown), or since user code makes it. */
    public static boolean isSlow(long length, boolean isInMemory) {
        return length < 0 || length > SMALL_REQUEST || !isInMemory && length > 0;
    }

    /** A method that runs a whole exchange begins: the state to give to {@link #leave}. */
    public static Object scope(AftercallCall call) {
        return new AftercallCall[] {current(call)};
    }

    /** It ends: an exception before the response is the call's end, and the thread is again in what it was in. */
    public static void leave(Object scope, Throwable thrown) {
        AftercallCall call = calls.current(((AftercallCall[]) scope)[0]);
        if (thrown != null && call != null) {
            call.end(thrown, false);
        }
    }

    /** The request has been sent, and its answer is waited for. Those who ask a proxy wait for it first. */
    public static void asked(AftercallCall call) {
        if (!call.stage().equals("proxy")) {
            call.stage("response_head");
        }
    }

    /** The library sends the same request once more in one go, as it does after 401: a call of its own. */
    public static AftercallCall nextTry(AftercallCall call) {
        if (!call.hasResponse() && !call.hasEnded()) {
            return call;
        }
        givenUp(call);
        AftercallCall next = call.again();
        calls.current(next);
        return next;
    }

    /** A response that nobody reads any further; one that has not come yet ends otherwise. */
    public static void givenUp(AftercallCall call) {
        if (call != null && call.hasResponse()) {
            call.end((Throwable) null, call.missing() == 0);
        }
    }

    /** The user's code stops it. If it had its response, that is not an error: it only reads no further. */
    public final void cancelled() {
        if (hasResponse()) {
            end((Throwable) null, missing() == 0);
        } else {
            end("java.util.concurrent.CancellationException", "");
        }
    }

    /** Let a body's stream carry this thread's call, if it can. */
    public static void carry(Object stream) {
        AftercallCall call = calls.current();
        if (stream instanceof AftercallCarrier && call != null && !call.stage().equals("proxy")) {
            ((AftercallCarrier) stream).aftercall(call);
        }
    }

    /** The call has come to {@code stage}: the first one writes call_start. */
    public abstract void stage(String stage);

    public abstract String stage();

    /** TLS in a client that goes on meanwhile: the stages that it comes to begin when the handshake is over. */
    public abstract void handshakeBegins();

    public abstract void handshakeDone();

    /** Whether its body may take time to send; noted where the body is known, asked for where it is sent. */
    public abstract void sendsSlowly(boolean slowly);

    public abstract boolean sendsSlowly();

    /** {@code GET /path?query HTTP/2}, made of the URL. */
    public abstract String requestLine(String version);

    /** What the call is for, where it began before that was known. A null {@code url}: as it was. */
    public abstract void target(String method, String url);

    /** The request's head; kept until the next frame that can carry it. */
    public abstract void requestHead(byte[] head);

    /**
     * A head has come. 1xx ones but 101 are not the response; what a proxy says to CONNECT is not either.
     *
     * @param contentLength the field's value, or null
     * @param isEncoded whether there is a Transfer-Encoding
     */
    public final void received(int status, byte[] head, String contentLength, boolean isEncoded) {
        if (status == 100) {
            stage("request");
        } else if (isResponse(status)) {
            responded(status, head, isEncoded ? -1 : lengthOf(contentLength));
        }
    }

    /** Whether a head with this status is the response. */
    public final boolean isResponse(int status) {
        return (status >= 200 || status == 101) && !stage().equals("proxy");
    }

    /** The response's head is here: call_response. {@code length} of its body, less than 0 where only its end tells. */
    public abstract void responded(int status, byte[] head, long length);

    /**
     * The same with all of its body, which has come at once with the head: nothing of the call can wait any longer, so
     * it ends here, whenever the user's code reads. {@code whole} are the bytes that are wanted of it; null: unknown.
     */
    public abstract void responded(int status, byte[] head, long length, byte[] whole);

    /** Body bytes that the peer or the user's code was given. Null or empty pieces count for nothing. */
    public abstract void sent(byte[] bytes, int offset, int length);

    public abstract void received(byte[] bytes, int offset, int length);

    /** The same for bytes that are not in an array; only a prefix is taken, and the buffer is left as it was. */
    public abstract void sent(java.nio.ByteBuffer bytes);

    public abstract void received(java.nio.ByteBuffer bytes);

    /** {@code length} bytes passed that nobody looked at. */
    public abstract void sentMore(long length);

    public abstract void skipped(long length);

    /** Bytes of body that must still come, as Content-Length says; less than 0: only their end tells. */
    public abstract long missing();

    /** The client undoes Content-Encoding before it is seen here. */
    public abstract void decoded();

    /** The call is over, once; {@code thrown} may be null. */
    public abstract void end(Throwable thrown, boolean complete);

    /** The same with an error that was never thrown. */
    public abstract void end(String errorType, String errorMessage);

    /** The same request again: a client that retries by itself. */
    public abstract AftercallCall again();

    public abstract boolean hasResponse();

    public abstract boolean hasEnded();

    /** Whether a header may be sent along; if not, {@link #traceparent} need not be asked. */
    public abstract boolean propagates();

    /**
     * The `traceparent` to send along in place of the one that is {@code present} (null: none); null: change nothing.
     * That is so unless AFTERCALL_PROPAGATE is set, and where the user has set his own.
     */
    public abstract String traceparent(String present);

    /** It sends the {@code earlier} one's headers once more: what we have put into those is not the user's. */
    public abstract void follows(AftercallCall earlier);
}
