package aftercall.agent;

import java.nio.ByteBuffer;

/** One outgoing HTTP exchange: the frames from call_start to call_end. Hooks of several threads may tell of it. */
final class Call extends AftercallCall {
    /** A URL may be as long as a client likes; escaped, it must leave room in the header. */
    private static final int URL_CHARACTERS = 8192;

    private static final int ERROR_CHARACTERS = 1024;
    private static final int HEAD_BYTES = 65536;

    private final Calls calls;
    private final String requestId;
    private final long spanId = Clock.spanId();
    private final byte[] identity;
    private final String library;
    private final String host;
    private final int port;
    private final boolean bodies;
    private final long began = Clock.now();
    private final Prefix request;
    private final Prefix response;
    private String method;
    private String url;
    private String proxy;
    private String peer;
    private String stage;
    private byte[] requestHead;
    private String passedOn;
    private long expected = -1;
    private String afterHandshake;
    private boolean isHandshaking;
    private boolean sendsSlowly;
    private boolean hasRequestBody;
    private boolean written;
    private boolean moved;
    private boolean decoded;
    private boolean hasResponse;
    private boolean ended;

    Call(
            Calls calls, String library, String method, String url, String host, int port, String proxy, boolean bodies) {
        this.calls = calls;
        this.library = library;
        this.method = method;
        this.url = url;
        this.host = host;
        peer = host;
        this.port = port;
        this.proxy = proxy;
        this.bodies = bodies;
        requestId = calls.invocations.requestId();
        identity = calls.identity(requestId, spanId);
        request = new Prefix(bodies ? calls.settings.callBytes : 0);
        response = new Prefix(bodies ? calls.settings.callBytes : 0);
    }

    String requestId() {
        return requestId;
    }

    @Override
    public synchronized void target(String method, String url) {
        if (method.equals(this.method) && (url == null || url.equals(this.url))) {
            return;
        }
        this.method = method;
        this.url = url == null ? this.url : url;
        moved = written;
    }

    @Override
    public synchronized void via(String host, int port) {
        peer = host;
        if (port != this.port || !host.equalsIgnoreCase(this.host)) {
            proxy = "http://" + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
        }
    }

    @Override
    public synchronized void resolve(String host, int port) {
        if (host != null) {
            via(host, port);
        }
        if (!isAddress(peer)) {
            stage("dns");
        }
    }

    @Override
    public synchronized void stage(String name) {
        if (ended || hasResponse || name.equals(stage)) {
            return;
        }
        if (isHandshaking) {
            afterHandshake = name;
            return;
        }
        stage = name;
        if (!written) {
            start();
            return;
        }
        Frame frame = frame("call_stage", Clock.now()).withWord("stage", name);
        if (moved) {
            moved = false;
            frame.with("method", method).with("url", cut(url, URL_CHARACTERS));
        }
        giveRequestBefore(name, frame);
        calls.spool.write(frame);
    }

    private void start() {
        written = true;
        Frame frame = new Frame("call_start", began, requestId, identity)
                .withWord("library", library)
                .with("method", method)
                .with("url", cut(url, URL_CHARACTERS))
                .withWord("stage", stage)
                .with("proxy", proxy);
        if (!bodies) {
            frame.withWord("bodies", "excluded");
        }
        giveRequestBefore(stage, frame);
        calls.spool.write(frame);
    }

    /** What the call asks for must be on disk before it waits for an answer: of one that hangs nothing else is known. */
    private void giveRequestBefore(String stage, Frame frame) {
        if (stage.equals("response_head")) {
            giveRequest(frame);
        }
    }

    private Frame frame(String kind, long time) {
        return new Frame(kind, time, requestId, identity);
    }

    @Override
    public synchronized String stage() {
        return stage == null ? "" : stage;
    }

    @Override
    public synchronized void handshakeBegins() {
        stage("tls");
        isHandshaking = true;
    }

    @Override
    public synchronized void handshakeDone() {
        isHandshaking = false;
        if (afterHandshake != null) {
            stage(afterHandshake);
        }
    }

    @Override
    public synchronized void sendsSlowly(boolean slowly) {
        sendsSlowly = slowly;
    }

    @Override
    public synchronized boolean sendsSlowly() {
        return sendsSlowly;
    }

    @Override
    public synchronized String requestLine(String version) {
        int authority = url.indexOf("://") + 3;
        int path = url.indexOf('/', authority);
        return method + ' ' + (path < 0 ? "/" : url.substring(path)) + ' ' + version;
    }

    @Override
    public synchronized void requestHead(byte[] head) {
        if (bodies) {
            requestHead = head;
        }
    }

    @Override
    public void responded(int status, byte[] head, long length) {
        responded(status, head, length, null);
    }

    @Override
    public synchronized void responded(int status, byte[] head, long length, byte[] whole) {
        if (ended || hasResponse) {
            return;
        }
        isHandshaking = false;
        if (!written || moved) {
            stage("response_head");
        }
        hasResponse = true;
        stage = "response_body";
        boolean hasNoBody = method.equals("HEAD") || status == 204 || status == 304;
        expected = hasNoBody ? 0 : length;
        long now = Clock.now();
        Frame frame = frame("call_response", now).with("status", status);
        giveParts(frame);
        if (bodies) {
            frame.part("response_head", head, 0, HEAD_BYTES);
        }
        if (expected == 0 || whole != null) {
            if (whole != null && expected > 0) {
                response.add(whole, 0, whole.length);
                response.skip(expected - whole.length);
            }
            calls.spool.write(frame, ending(now, null, null, true));
        } else {
            calls.responded(this);
            calls.spool.write(frame);
        }
    }

    private void giveParts(Frame frame) {
        giveRequest(frame);
        if (bodies) {
            response.giveTo(frame, "response_body");
        }
    }

    private void giveRequest(Frame frame) {
        if (bodies) {
            frame.part("request_head", requestHead, 0, HEAD_BYTES);
            requestHead = null;
            request.giveTo(frame, "request_body");
        }
    }

    @Override
    public synchronized void sent(byte[] bytes, int offset, int length) {
        hasRequestBody = true;
        request.add(bytes, offset, length);
    }

    @Override
    public synchronized void sent(ByteBuffer bytes) {
        hasRequestBody = true;
        request.add(bytes);
    }

    @Override
    public synchronized void received(byte[] bytes, int offset, int length) {
        response.add(bytes, offset, length);
    }

    @Override
    public synchronized void received(ByteBuffer bytes) {
        response.add(bytes);
    }

    @Override
    public synchronized int wantedOfRequest() {
        return request.room();
    }

    @Override
    public synchronized int wantedOfResponse() {
        return response.room();
    }

    @Override
    public synchronized void sentMore(long length) {
        hasRequestBody = true;
        request.skip(length);
    }

    @Override
    public synchronized void skipped(long length) {
        response.skip(length);
    }

    @Override
    public synchronized long missing() {
        return expected < 0 ? -1 : expected - response.size();
    }

    @Override
    public synchronized void decoded() {
        decoded = true;
    }

    @Override
    public void end(Throwable thrown, boolean complete) {
        if (thrown == null) {
            end(null, null, complete);
        } else {
            if (isUnresolved(thrown)) {
                stage("dns"); // what connects to a name that was not found says so only then
            }
            end(thrown.getClass().getName(), message(thrown), false);
        }
    }

    @Override
    public void end(String errorType, String errorMessage) {
        end(errorType, errorMessage, false);
    }

    private synchronized void end(String errorType, String errorMessage, boolean complete) {
        if (ended) {
            return;
        }
        if (!written) {
            stage("request");
        }
        calls.spool.write(ending(Clock.now(), errorType, errorMessage, complete));
    }

    private Frame ending(long now, String errorType, String errorMessage, boolean complete) {
        ended = true;
        calls.closed(this);
        Frame frame = frame("call_end", now);
        if (hasRequestBody) {
            frame.with("request_size", request.size());
        }
        if (hasResponse) {
            frame.with("response_size", response.size());
        }
        if (decoded) {
            frame.with("decoded", true);
        }
        if (errorType != null) {
            frame.with("error_type", errorType).with("error_message", cut(errorMessage, ERROR_CHARACTERS));
            frame.withWord("stage", stage);
        }
        if (!complete) {
            frame.with("complete", false);
        }
        giveParts(frame);
        return frame;
    }

    private static boolean isUnresolved(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = AftercallThrown.cause(cause)) {
            String name = cause.getClass().getSimpleName();
            if (name.equals("UnknownHostException") || name.equals("UnresolvedAddressException")) {
                return true;
            }
        }
        return false;
    }

    private static String message(Throwable thrown) {
        String message = AftercallThrown.message(thrown);
        return message == null ? "" : message;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    @Override
    public synchronized boolean hasResponse() {
        return hasResponse;
    }

    @Override
    public synchronized boolean hasEnded() {
        return ended;
    }

    @Override
    public AftercallCall again() {
        Call next = new Call(calls, library, method, url, host, port, proxy, bodies);
        next.kept = kept;
        next.follows(this);
        return next;
    }

    @Override
    public void follows(AftercallCall earlier) {
        passedOn = earlier == null ? null : ((Call) earlier).passedOn;
    }

    @Override
    public boolean propagates() {
        return calls.settings.propagates;
    }

    @Override
    public String traceparent(String present) {
        if (present != null && !present.equals(passedOn)) {
            return null;
        }
        String mine = calls.invocations.traceparent(requestId, Json.hex(spanId));
        passedOn = mine;
        return mine;
    }
}
