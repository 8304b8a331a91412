package java.lang;

import aftercall.agent.Points;
import java.io.AftercallBuffered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import sun.net.www.MessageHeader;
import sun.net.www.http.HttpClient;

/**
 * HttpURLConnection, http and https. It stands in java.lang, where java.base lets it read sun.net.www.
 *
 * <p>A call is one exchange: a redirect, an answer to 401 and a second try are calls of their own. The connection and
 * its streams carry it; the thread knows it too, since the layers below see neither.
 *
 * <p>Limitations: what the JDK reads of a redirect's body by itself is not seen.
 */
public final class AftercallUrlConnection extends AftercallHook {
    private static final String LIBRARY = "HttpURLConnection";

    /** More than the buffer of the JDK's connections holds. */
    private static final int MOST_BUFFERED = 1 << 20;

    @Override
    public Object before(int point, Object[] arguments) throws IOException {
        switch (point) {
            case Points.URL_CONNECT:
            case Points.URL_EXCHANGE:
            case Points.URL_OUTPUT:
                // What the thread was in before is given back when the method ends.
                return new Object[] {arguments[0], AftercallCall.current(callOf(arguments[0]))};
            case Points.URL_BEGIN:
                begin((HttpURLConnection) arguments[0]);
                return null;
            case Points.URL_WRITE:
                write((HttpURLConnection) arguments[0]);
                return null;
            case Points.URL_TUNNEL:
                return stage("proxy");
            case Points.URL_DISCONNECT:
                disconnected(callOf(arguments[0]));
                return null;
            case Points.URL_SEND:
                send((HttpClient) arguments[0], (MessageHeader) arguments[1], arguments[2]);
                return null;
            case Points.URL_PARSE:
                return parse(arguments);
            case Points.URL_RESOLVE:
                resolve((String) arguments[1], (Integer) arguments[2]);
                return null;
            case Points.STAGE_CONNECT:
                return stage("connect");
            case Points.STAGE_TLS:
                return stage("tls");
            case Points.URL_STREAM:
                ((AftercallCarrier) arguments[0]).aftercall(callOf(arguments[1]));
                return null;
            default:
                return null;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        Object[] arguments = (Object[]) state;
        AftercallCall call = callOf(arguments[0]);
        switch (point) {
            case Points.URL_CONNECT:
            case Points.URL_EXCHANGE:
                AftercallCall.current((AftercallCall) arguments[1]);
                if (thrown != null && call != null) {
                    ended(call, thrown);
                }
                break;
            case Points.URL_OUTPUT:
                AftercallCall.current((AftercallCall) arguments[1]);
                if (thrown != null && call != null) {
                    // An answer in place of 100 was an answer all the same; the connection is closed.
                    call.end(call.hasResponse() ? null : thrown, call.missing() == 0);
                }
                break;
            case Points.URL_PARSE:
                parsed(arguments, thrown);
                break;
            default:
                break;
        }
    }

    /** A status of 400 or more is thrown too, and its body can still be read; a redirect of what was streamed cannot. */
    private static void ended(AftercallCall call, Throwable thrown) {
        if (!call.hasResponse()) {
            call.end(thrown, false);
        } else if (thrown instanceof HttpRetryException || thrown instanceof ProtocolException) {
            AftercallCall.givenUp(call);
        }
    }

    private static Object stage(String name) {
        AftercallCall call = AftercallCall.current();
        if (call != null) {
            call.stage(name);
        }
        return null;
    }

    /** A new exchange of this connection; the earlier one is over, however much of its body was read. */
    private static void begin(HttpURLConnection connection) {
        AftercallCall earlier = callOf(connection);
        disconnected(earlier);
        URL url = connection.getURL();
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        AftercallCall call = AftercallCall.begin(
                LIBRARY, connection.getRequestMethod(), url.toExternalForm(), url.getHost(), port, null);
        if (call != null) {
            call.follows(earlier);
            call.kept = url;
        }
        ((AftercallCarrier) connection).aftercall(call);
        AftercallCall.current(call);
    }

    private static void disconnected(AftercallCall call) {
        if (call != null) {
            call.end((Throwable) null, call.missing() == 0);
        }
    }

    /** The request is about to be sent: over a connection that was there already, or one that was just made. */
    private static void write(HttpURLConnection connection) {
        AftercallCall call = callOf(connection);
        if (call != null && call.hasEnded()) {
            call = AftercallCall.current(); // begun by attempt(), where the connection is not known
        }
        if (call == null || call.hasResponse() || call.hasEnded()) {
            begin(connection);
        } else {
            ((AftercallCarrier) connection).aftercall(call);
            URL url = connection.getURL();
            call.target(connection.getRequestMethod(), url == call.kept ? null : url.toExternalForm());
            AftercallCall.current(call);
        }
    }

    /** The JDK tries once more by itself when a connection that it had kept turns out to be closed. */
    private static AftercallCall attempt(AftercallCall call) {
        String stage = call.stage();
        if (!stage.equals("request") && !stage.equals("response_head")) {
            return call;
        }
        if (stage.equals("request")) {
            call.end("java.io.IOException", "Error writing to server");
        } else {
            call.end("java.net.SocketException", "Unexpected end of file from server");
        }
        AftercallCall again = call.again();
        AftercallCall.current(again);
        return again;
    }

    /** To the origin, or to a proxy. */
    private static void resolve(String server, int port) {
        AftercallCall call = AftercallCall.current();
        if (call != null) {
            attempt(call).resolve(server, port);
        }
    }

    private static void send(HttpClient client, MessageHeader head, Object poster) throws IOException {
        AftercallCall call = AftercallCall.current();
        if (call == null || call.stage().equals("proxy")) {
            return;
        }
        call = attempt(call);
        if (client.getProxyHostUsed() != null) {
            call.via(client.getProxyHostUsed(), client.getProxyPortUsed());
        }
        if (call.propagates()) {
            String traceparent = call.traceparent(head.findValue("traceparent"));
            if (traceparent != null) {
                head.set("traceparent", traceparent);
            }
        }
        call.requestHead(textOf(head));
        if (poster != null) {
            ByteArrayOutputStream body = (ByteArrayOutputStream) poster;
            if (AftercallCall.isSlow(body.size(), true)) {
                call.stage("request");
            }
            body.writeTo(new AftercallSink(call, true));
        } else if (head.findValue("Transfer-Encoding") != null || head.findValue("Content-Length") != null) {
            call.stage("request"); // the user's code writes the body, and may take its time
        }
    }

    /** Lines as MessageHeader.print writes them, but with the status line, whose key is null. */
    private static byte[] textOf(MessageHeader header) {
        AftercallHead text = new AftercallHead();
        for (int i = 0; ; i++) {
            String key = header.getKey(i);
            String value = header.getValue(i);
            if (key == null && value == null) {
                return text.end();
            }
            if (key == null || value == null) {
                text.line(key == null ? value : key);
            } else {
                text.field(key, value);
            }
        }
    }

    private static Object parse(Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        if (call == null || call.stage().equals("proxy")) {
            return null;
        }
        call.stage("response_head");
        return new Object[] {arguments[arguments.length - 1], arguments[1], arguments[0]};
    }

    private static void parsed(Object[] state, Throwable thrown) {
        HttpURLConnection connection = (HttpURLConnection) state[0];
        MessageHeader head = (MessageHeader) state[1];
        AftercallCall call = AftercallCall.current(); // the second one, where there were two tries
        ((AftercallCarrier) connection).aftercall(call);
        if (call != null) {
            call.kept = null; // the user's
        }
        int status = thrown == null && head.getKey(0) == null ? AftercallCall.statusOf(head.getValue(0)) : -1;
        if (status > 0) {
            responded(call, status, head, (HttpClient) state[2]);
        }
    }

    private static void responded(AftercallCall call, int status, MessageHeader head, HttpClient client) {
        boolean isEncoded = head.findValue("Transfer-Encoding") != null;
        String length = head.findValue("Content-Length");
        if (isEncoded || length == null || !call.isResponse(status)) {
            call.received(status, textOf(head), length, isEncoded);
            return;
        }
        long size = AftercallCall.lengthOf(length);
        byte[] whole = null;
        if (size > 0 && size <= MOST_BUFFERED) {
            int wanted = (int) Math.min(size, call.wantedOfResponse());
            whole = AftercallBuffered.peek(client.getInputStream(), (int) size, wanted);
        }
        call.responded(status, textOf(head), size, whole);
    }
}
