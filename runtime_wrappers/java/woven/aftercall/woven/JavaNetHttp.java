package aftercall.woven;

import aftercall.agent.FutureFailure;
import aftercall.agent.Points;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * java.net.http.HttpClient, HTTP/1.1 and HTTP/2, send and sendAsync. A call is one Exchange of the JDK's: below redirects,
 * authentication and retries. The Exchange carries it, and what is made on its way: connection, TLS flow, subscribers.
 *
 * <p>Limitations: a proxy is named only by calls that connect to it. What the JDK reads of a redirect's body by itself is
 * not seen.
 */
public final class JavaNetHttp extends AftercallHook {
    private static final int CONNECT = "CONNECT".length();
    private static final String LENGTH = "\r\nContent-Length: ";

    @Override
    public Object before(int point, Object[] arguments) {
        switch (point) {
            case Points.JH_MADE:
                begin((AftercallCarrier) arguments[0], (HttpRequest) arguments[1]);
                return null;
            case Points.JH_EXCHANGE:
                return exchange(callOf(arguments[0]), arguments);
            case Points.JH_IN_CALL:
                return new Object[] {AftercallCall.current(callOf(arguments[0]))};
            case Points.JH_TAKES_CURRENT:
                carry(arguments[0], AftercallCall.current());
                return null;
            case Points.JH_TLS:
                handshakes(arguments[0], AftercallCall.current());
                return null;
            case Points.STAGE_CONNECT:
                return connecting(AftercallCall.current());
            case Points.JH_TAKES_OUTER:
                takeFromArguments(arguments);
                return null;
            case Points.JH_HEADERS2:
                headers2(callOf(arguments[3]), (HttpHeaders) arguments[1], (HttpHeaders) arguments[2]);
                return null;
            case Points.JH_RESPONSE:
                responded(arguments);
                return null;
            case Points.JH_RESOLVE:
                resolves(AftercallCall.current());
                return null;
            case Points.JH_CONNECTION:
                connects(arguments);
                return null;
            default:
                AftercallCall call = callOf(arguments[0]);
                return call == null ? null : ofCall(point, call, arguments);
        }
    }

    private static Object ofCall(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.JH_TLS_DONE:
                call.handshakeDone();
                return null;
            case Points.JH_SEND_BODY:
                if (call.sendsSlowly() && !call.stage().equals("proxy")) {
                    call.stage("request");
                }
                return null;
            case Points.JH_ASK:
                AftercallCall.asked(call);
                return null;
            case Points.JH_SENT:
                call.sent((ByteBuffer) arguments[1]);
                return null;
            case Points.JH_RECEIVED:
                received(call, (List<?>) arguments[1]);
                return null;
            case Points.JH_COMPLETE:
                call.end((Throwable) null, call.missing() <= 0);
                return null;
            case Points.JH_ERROR:
                if (call.hasResponse()) {
                    call.end(FutureFailure.unwrapped((Throwable) arguments[1]), false);
                }
                return null;
            case Points.JH_CANCEL:
                // The reason that the user will see; what is torn down because of it says others.
                call.end(FutureFailure.unwrapped((Throwable) arguments[1]), false);
                return null;
            case Points.JH_GIVEN_UP:
                AftercallCall.givenUp(call);
                return null;
            default:
                return arguments;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        Object[] values = (Object[]) state;
        switch (point) {
            case Points.JH_EXCHANGE:
                AftercallCall.current((AftercallCall) values[0]);
                ended((AftercallCall) values[1], result, thrown);
                break;
            case Points.JH_IN_CALL:
                AftercallCall.current((AftercallCall) values[0]);
                break;
            case Points.JH_HEADERS:
                head(callOf(values[0]), (List<?>) result);
                break;
            default:
                break;
        }
    }

    /** Inner objects are given one that carries the call, or will: the exchange is made in the thread that begins it. */
    private static void takeFromArguments(Object[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            AftercallCall call = callOf(arguments[i]);
            if (call != null) {
                carry(arguments[0], call);
                return;
            }
        }
        carry(arguments[0], AftercallCall.current());
    }

    /** An exchange is made just before it begins. Those of CONNECT are the connection's own, not calls. */
    private static void begin(AftercallCarrier exchange, HttpRequest request) {
        URI uri = request.uri();
        if (uri == null || uri.getHost() == null || request.method().equals("CONNECT")) {
            return;
        }
        int port = uri.getPort();
        if (port < 0) {
            port = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        }
        AftercallCall call = AftercallCall.begin(
                "java.net.http", request.method(), uri.toString(), uri.getHost(), port, null);
        exchange.aftercall(call);
        if (call != null) {
            call.sendsSlowly(request.bodyPublisher().isPresent());
            call.kept = new WeakReference<>(request); // a connection that outlives the call carries it
        }
    }

    /** Among the headers that the JDK adds by itself: the user's own come before them, and he never sees these. */
    private static void passOn(AftercallCall call) {
        if (!call.propagates()) {
            return;
        }
        HttpRequest request = (HttpRequest) ((WeakReference<?>) call.kept).get();
        String traceparent = call.traceparent(request.headers().firstValue("traceparent").orElse(null));
        if (traceparent != null) {
            ((AftercallHeaders) request).aftercall("traceparent", traceparent);
        }
    }

    /** `responseAsyncImpl(connection)`: with a connection, it is the CONNECT that another exchange waits for. */
    private static Object exchange(AftercallCall call, Object[] arguments) {
        if (call == null) {
            AftercallCall waiting = callOf(arguments[1]);
            if (waiting != null) {
                waiting.stage("proxy");
            }
            return null;
        }
        AftercallCall mine = call.stage().isEmpty() ? call : call.again(); // the JDK tries once more by the same exchange
        carry(arguments[0], mine);
        passOn(mine);
        return new Object[] {AftercallCall.current(mine), mine};
    }

    private static void ended(AftercallCall call, Object result, Throwable thrown) {
        if (thrown != null) {
            call.end(thrown, false);
        } else if (result instanceof CompletionStage) {
            ((CompletionStage<?>) result).whenComplete(new FutureFailure(call));
        }
    }

    /** A connection of its own for the call that this thread begins: to the origin, or to a proxy. */
    private static void connects(Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        carry(arguments[0], call);
        if (call != null && arguments[1] instanceof InetSocketAddress) {
            InetSocketAddress address = (InetSocketAddress) arguments[1];
            call.via(address.getHostString(), address.getPort());
        }
    }

    /** It resolves before it looks for a connection that it has kept, and asks for the address again later. */
    private static void resolves(AftercallCall call) {
        if (call != null && call.stage().isEmpty()) {
            call.resolve(null, 0);
        }
    }

    private static Object connecting(AftercallCall call) {
        if (call != null) {
            call.stage("connect");
        }
        return null;
    }

    private static void handshakes(Object flow, AftercallCall call) {
        carry(flow, call);
        if (call != null) {
            call.handshakeBegins();
        }
    }

    private static void head(AftercallCall call, List<?> buffers) {
        if (call == null) {
            return;
        }
        AftercallHead text = new AftercallHead();
        for (Object buffer : buffers) {
            text.add((ByteBuffer) buffer);
        }
        byte[] head = text.bytes();
        if (isConnect(head)) {
            return;
        }
        call.requestHead(head);
        if (call.sendsSlowly()) {
            call.sendsSlowly(sendsSlowly(new String(head, StandardCharsets.ISO_8859_1)));
        }
    }

    private static boolean isConnect(byte[] head) {
        return head.length > CONNECT && head[CONNECT] == ' ' && new String(head, 0, CONNECT, StandardCharsets.ISO_8859_1).equals("CONNECT");
    }

    /** By the head that the JDK has made: to ask the body for its length is to run the user's code once more. */
    private static boolean sendsSlowly(String head) {
        int at = head.indexOf(LENGTH);
        return at < 0
                ? head.contains("\r\nTransfer-encoding: ")
                : AftercallCall.isSlow(AftercallCall.lengthOf(head.substring(at + LENGTH.length(), head.indexOf('\r', at + 1))), true);
    }

    private static void headers2(AftercallCall call, HttpHeaders system, HttpHeaders user) {
        if (call == null) {
            return;
        }
        AftercallHead head = new AftercallHead(call.requestLine("HTTP/2"));
        append(head, system);
        append(head, user);
        call.requestHead(head.end());
        String length = first(system, "content-length");
        call.sendsSlowly(call.sendsSlowly() && AftercallCall.isSlow(AftercallCall.lengthOf(length), true));
    }

    /** Its own way to ask makes a stream. */
    private static String first(HttpHeaders headers, String name) {
        List<String> values = headers.map().get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    private static void append(AftercallHead head, HttpHeaders headers) {
        for (Map.Entry<String, List<String>> field : headers.map().entrySet()) {
            for (String value : field.getValue()) {
                head.field(field.getKey(), value);
            }
        }
    }

    /** `Response(request, exchange, headers, connection, status, version...)`: every head that has come. */
    private static void responded(Object[] arguments) {
        AftercallCall call = callOf(arguments[2]);
        if (call == null) {
            return;
        }
        HttpHeaders headers = (HttpHeaders) arguments[3];
        int status = (Integer) arguments[5];
        String version = arguments[6] == HttpClient.Version.HTTP_2 ? "HTTP/2 " : "HTTP/1.1 ";
        AftercallHead text = new AftercallHead(version + status + ' ');
        append(text, headers);
        byte[] head = text.end();
        String length = first(headers, "content-length");
        if (call.stage().equals("proxy")) {
            call.responded(status, head, 0); // the proxy's refusal, given to the user as if it were the origin's
        } else {
            call.received(status, head, length, first(headers, "transfer-encoding") != null);
        }
    }

    private static void received(AftercallCall call, List<?> buffers) {
        for (Object buffer : buffers) {
            call.received((ByteBuffer) buffer);
        }
    }
}
