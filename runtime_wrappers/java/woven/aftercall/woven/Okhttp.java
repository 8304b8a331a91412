package aftercall.woven;

import aftercall.agent.Points;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Connection;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;

/**
 * OkHttp 3.14 to 5, HTTP/1.1 and HTTP/2. A call is what passes ConnectInterceptor: below redirects, retries and the
 * transparent gzip. OkHttp 5 connects in threads of its own: there its ConnectPlan carries the call.
 *
 * <p>Limitations: of 3.0 to 3.13 the bodies and the stages are not seen.
 */
public final class Okhttp extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) throws IOException {
        switch (point) {
            case Points.OK_EXECUTE:
                return AftercallCall.scope(begin(((Interceptor.Chain) arguments[1]).request()));
            case Points.OK_PLAN:
                ((AftercallCarrier) arguments[0]).aftercall(AftercallCall.current());
                return null;
            case Points.OK_IN_THREAD:
                return new Object[] {AftercallCall.current(callOf(arguments[0]))};
            case Points.OK_STREAM:
                ((AftercallCarrier) arguments[0]).aftercall(callOf(arguments[1]));
                return null;
            case Points.OK_WRITE:
                write(callOf(arguments[0]), (Buffer) arguments[1], (Long) arguments[2]);
                return null;
            case Points.OK_READ:
                AftercallCall carried = callOf(arguments[0]);
                return carried == null || carried.hasEnded() ? null : arguments;
            default:
                AftercallCall call = AftercallCall.current();
                return call == null ? null : inCall(point, call, arguments);
        }
    }

    private static Object inCall(int point, AftercallCall call, Object[] arguments) throws IOException {
        switch (point) {
            case Points.OK_RESOLVE:
                resolve(call, (Proxy) arguments[1]);
                return null;
            case Points.STAGE_CONNECT:
                call.stage("connect");
                return null;
            case Points.OK_TUNNEL:
                call.stage("proxy");
                return null;
            case Points.STAGE_TLS:
                call.stage("tls");
                return null;
            case Points.OK_CONNECTED:
                send(call, (Interceptor.Chain) arguments[1]);
                return null;
            case Points.OK_HEAD:
                ((AftercallCarrier) arguments[0]).aftercall(call);
                return passingOn(call, (Request) arguments[1]);
            case Points.OK_RECEIVE:
                call.stage("response_head");
                return null;
            case Points.OK_RESPONDED:
                received(call, (Response) arguments[1]);
                return null;
            default:
                return null;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) throws IOException {
        switch (point) {
            case Points.OK_EXECUTE:
                AftercallCall call = AftercallCall.current();
                if (call != null && result != null && !call.hasResponse()) {
                    Request request = ((Response) result).request();
                    call.requestHead(requestHead(request, false, false));
                    received(call, (Response) result);
                }
                AftercallCall.leave(state, unwrapped(thrown));
                break;
            case Points.OK_IN_THREAD:
                AftercallCall.current((AftercallCall) ((Object[]) state)[0]);
                break;
            case Points.OK_READ:
                Object[] arguments = (Object[]) state;
                read(callOf(arguments[0]), (Buffer) arguments[1], thrown == null ? (Long) result : 0, thrown);
                break;
            default:
                break;
        }
    }

    /** Up to 4, a failed connect reaches us in a wrapper that the user never sees. */
    private static Throwable unwrapped(Throwable thrown) {
        boolean isWrapped = thrown != null && thrown.getClass().getSimpleName().equals("RouteException");
        return isWrapped && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    private static AftercallCall begin(Request request) {
        HttpUrl url = request.url();
        return AftercallCall.begin("OkHttp", request.method(), url.toString(), url.host(), url.port(), null);
    }

    private static void resolve(AftercallCall call, Proxy proxy) {
        if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress) {
            InetSocketAddress address = (InetSocketAddress) proxy.address();
            call.resolve(address.getHostString(), address.getPort());
        } else {
            call.resolve(null, 0);
        }
    }

    /** A connection is there, new or kept; what is sent is the request as network interceptors have left it. */
    private static void send(AftercallCall call, Interceptor.Chain chain) throws IOException {
        Connection connection = chain.connection();
        boolean isProxied = false;
        if (connection != null && connection.route().proxy().type() == Proxy.Type.HTTP) {
            InetSocketAddress proxy = (InetSocketAddress) connection.route().proxy().address();
            call.via(proxy.getHostString(), proxy.getPort());
            isProxied = !chain.request().isHttps();
        }
        boolean isHttp2 = connection != null && connection.protocol() == Protocol.HTTP_2;
        call.requestHead(requestHead(passingOn(call, chain.request()), isProxied, isHttp2));
        // Not by the body's contentLength(), which is the user's code: OkHttp has asked it, and says so in the head.
        long length = AftercallCall.lengthOf(chain.request().header("Content-Length"));
        if (chain.request().body() != null && (isHttp2 || AftercallCall.isSlow(length, true))) {
            call.stage("request");
        }
    }

    /** The request as it goes out: the user's own, which its response names too, stays as it is. */
    private static Request passingOn(AftercallCall call, Request request) {
        String traceparent = call.traceparent(request.header("traceparent"));
        return traceparent == null ? request : request.newBuilder().header("traceparent", traceparent).build();
    }

    private static byte[] requestHead(Request request, boolean isProxied, boolean isHttp2) {
        HttpUrl url = request.url();
        String query = url.encodedQuery();
        String target = isProxied ? url.toString() : url.encodedPath() + (query == null ? "" : '?' + query);
        String startLine = request.method() + ' ' + target + (isHttp2 ? " HTTP/2" : " HTTP/1.1");
        return textOf(startLine, request.headers(), isHttp2);
    }

    private static void received(AftercallCall call, Response response) {
        boolean isHttp2 = response.protocol() == Protocol.HTTP_2;
        String version = isHttp2 ? "HTTP/2" : response.protocol() == Protocol.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
        String startLine = version + ' ' + response.code() + ' ' + response.message();
        boolean isEncoded = response.header("Transfer-Encoding") != null;
        long length = isEncoded ? -1 : AftercallCall.lengthOf(response.header("Content-Length"));
        call.responded(response.code(), textOf(startLine, response.headers(), false), length);
    }

    /** HTTP/2 leaves out what belongs to a connection. */
    private static byte[] textOf(String startLine, Headers headers, boolean isHttp2) {
        AftercallHead head = new AftercallHead(startLine);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!isHttp2 || !isOfConnections(name)) {
                head.field(name, headers.value(i));
            }
        }
        return head.end();
    }

    private static boolean isOfConnections(String name) {
        return name.equalsIgnoreCase("connection")
                || name.equalsIgnoreCase("host")
                || name.equalsIgnoreCase("keep-alive")
                || name.equalsIgnoreCase("proxy-connection")
                || name.equalsIgnoreCase("transfer-encoding")
                || name.equalsIgnoreCase("upgrade");
    }

    /** The first {@code count} bytes of the buffer go out. */
    private static void write(AftercallCall call, Buffer from, long count) throws IOException {
        if (call != null) {
            int wanted = (int) Math.min(count, call.wantedOfRequest());
            from.copyTo(new AftercallSink(call, true), 0, wanted);
            call.sentMore(count - wanted);
        }
    }

    /** The last {@code count} bytes of the buffer have come. */
    private static void read(AftercallCall call, Buffer to, long count, Throwable thrown) throws IOException {
        if (count > 0) {
            int wanted = (int) Math.min(count, call.wantedOfResponse());
            to.copyTo(new AftercallSink(call, false), to.size() - count, wanted);
            call.skipped(count - wanted);
        }
        if (thrown != null || count < 0 || call.missing() == 0) {
            call.end(thrown, call.missing() <= 0);
        }
    }
}
