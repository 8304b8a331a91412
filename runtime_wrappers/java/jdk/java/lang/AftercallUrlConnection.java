package java.lang;

import aftercall.agent.Points;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
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
    /** Less than any send buffer: a request below this size cannot wait for its peer to read. */
    private static final int SMALL_REQUEST = 8192;

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
            case Points.URL_INPUT:
            case Points.URL_STREAMING:
                ((AftercallCarrier) arguments[0]).aftercall(callOf(arguments[1]));
                return null;
            case Points.URL_READ:
            case Points.URL_CLOSE:
                AftercallCall call = callOf(arguments[0]);
                return call == null || call.hasEnded() ? null : arguments;
            case Points.URL_STREAMED_BYTE:
                sent(callOf(arguments[0]), new byte[] {((Integer) arguments[1]).byteValue()}, 0, 1);
                return null;
            case Points.URL_STREAMED:
                sent(callOf(arguments[0]), (byte[]) arguments[1], (Integer) arguments[2], (Integer) arguments[3]);
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
                if (thrown != null && call != null && !call.hasResponse()) {
                    call.end(thrown, false);
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
            case Points.URL_READ:
                read(call, arguments, result, thrown);
                break;
            case Points.URL_CLOSE:
                call.end(thrown, call.missing() == 0);
                break;
            default:
                break;
        }
    }

    private static AftercallCall callOf(Object carrier) {
        return (AftercallCall) ((AftercallCarrier) carrier).aftercall();
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
        disconnected(callOf(connection));
        URL url = connection.getURL();
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        AftercallCall call = AftercallCall.begin(
                LIBRARY, connection.getRequestMethod(), url.toExternalForm(), url.getHost(), port, null);
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
            call.target(connection.getRequestMethod(), connection.getURL().toExternalForm());
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
            call = attempt(call);
            call.via(server, port);
            if (!AftercallCall.isAddress(server)) {
                call.stage("dns");
            }
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
        call.requestHead(textOf(head));
        if (poster != null) {
            ByteArrayOutputStream body = (ByteArrayOutputStream) poster;
            if (body.size() > SMALL_REQUEST) {
                call.stage("request");
            }
            body.writeTo(new AftercallSink(call));
        } else if (head.findValue("Transfer-Encoding") != null || head.findValue("Content-Length") != null) {
            call.stage("request"); // the user's code writes the body, and may take its time
        }
    }

    /** Lines as MessageHeader.print writes them, but with the status line, whose key is null. */
    private static String textOf(MessageHeader header) {
        StringBuilder text = new StringBuilder(512);
        for (int i = 0; header.getKey(i) != null || header.getValue(i) != null; i++) {
            String key = header.getKey(i);
            String value = header.getValue(i);
            text.append(key == null ? "" : key).append(key == null || value == null ? "" : ": ");
            text.append(value == null ? "" : value).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static Object parse(Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        if (call == null || call.stage().equals("proxy")) {
            return null;
        }
        call.stage("response_head");
        return new Object[] {arguments[arguments.length - 1], arguments[1]};
    }

    private static void parsed(Object[] state, Throwable thrown) {
        HttpURLConnection connection = (HttpURLConnection) state[0];
        MessageHeader head = (MessageHeader) state[1];
        AftercallCall call = AftercallCall.current(); // the second one, where there were two tries
        ((AftercallCarrier) connection).aftercall(call);
        int status = thrown == null && head.getKey(0) == null ? AftercallCall.statusOf(head.getValue(0)) : -1;
        if (status == 100) {
            call.stage("request");
        } else if (status > 0) {
            call.responded(status, textOf(head), lengthOf(connection.getRequestMethod(), status, head));
        }
    }

    private static long lengthOf(String method, int status, MessageHeader head) {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return 0;
        }
        return head.findValue("Transfer-Encoding") != null
                ? -1
                : AftercallCall.lengthOf(head.findValue("Content-Length"));
    }

    private static void read(AftercallCall call, Object[] arguments, Object result, Throwable thrown) {
        int count = thrown == null ? (Integer) result : 0;
        if (count > 0) {
            call.received((byte[]) arguments[1], (Integer) arguments[2], count);
        }
        if (thrown != null || count < 0 || call.missing() == 0) {
            call.end(thrown, call.missing() <= 0); // Java 8 takes any end of file for the end of the body
        }
    }

    private static void sent(AftercallCall call, byte[] bytes, int offset, int length) {
        if (call != null) {
            call.sent(bytes, offset, length);
        }
    }
}
