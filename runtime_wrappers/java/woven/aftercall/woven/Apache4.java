package aftercall.woven;

import aftercall.agent.Points;
import java.io.IOException;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpMessage;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.pool.ConnPoolControl;
import org.apache.http.pool.PoolStats;

/**
 * Apache HttpClient 4.3 to 4.5, as the AWS SDKs use it too. A call is what MainClientExec executes: below redirects and
 * retries. Heads are taken at the connection; the body streams that it makes carry the call (see StreamHooks).
 */
public class Apache4 extends AftercallHook {
    private static final String LIBRARY = "Apache HttpClient 4";

    @Override
    public Object before(int point, Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        switch (point) {
            case Points.APACHE_EXECUTE:
                return AftercallCall.scope(begin(LIBRARY, (HttpRoute) arguments[1], (HttpRequest) arguments[2]));
            case Points.APACHE_HOLDER:
                ((AftercallCarrier) arguments[0]).aftercall(call);
                return null;
            case Points.APACHE_RELEASE:
                AftercallCall.givenUp((AftercallCall) ((AftercallCarrier) arguments[0]).aftercall());
                return null;
            default:
                return call == null ? null : inCall(point, call, arguments);
        }
    }

    private static Object inCall(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.APACHE_QUEUE:
                queue(call, arguments[0], (HttpRoute) arguments[1], false);
                return null;
            case Points.APACHE_RESOLVE:
                HttpHost host = (HttpHost) arguments[2];
                if (host.getAddress() == null && !AftercallCall.isAddress(host.getHostName())) {
                    call.stage("dns");
                }
                return null;
            case Points.STAGE_CONNECT:
                call.stage("connect");
                return null;
            case Points.STAGE_TLS:
                call.stage("tls");
                return null;
            case Points.APACHE_HEAD:
                send(call, (HttpRequest) arguments[1]);
                return null;
            case Points.APACHE_ENTITY:
                if (hasBody((HttpEntityEnclosingRequest) arguments[1])) {
                    call.stage("request");
                }
                return null;
            case Points.APACHE_RECEIVE:
                AftercallCall.asked(call);
                return arguments;
            default:
                return arguments;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) throws IOException {
        switch (point) {
            case Points.APACHE_EXECUTE:
                AftercallCall call = AftercallCall.current();
                if (call != null && result != null && !call.hasResponse()) {
                    refused(call, (HttpResponse) result);
                }
                AftercallCall.leave(state, thrown);
                break;
            case Points.APACHE_RECEIVE:
                if (result != null) {
                    received(AftercallCall.current(), (HttpResponse) result);
                }
                break;
            case Points.APACHE_STREAM:
                AftercallCall.carry(result);
                break;
            default:
                break;
        }
    }

    static AftercallCall begin(String library, HttpRoute route, HttpRequest request) {
        HttpHost target = route.getTargetHost();
        String uri = request.getRequestLine().getUri();
        int port = target.getPort();
        if (port < 0) {
            port = "https".equalsIgnoreCase(target.getSchemeName()) ? 443 : 80;
        }
        boolean isAbsolute = uri.startsWith("http://") || uri.startsWith("https://");
        String url = isAbsolute ? uri : AftercallCall.origin(target.getSchemeName(), target.getHostName(), port) + uri;
        String proxy = route.getProxyHost() == null ? null : route.getProxyHost().toURI();
        String method = request.getRequestLine().getMethod();
        return AftercallCall.begin(library, method, url, target.getHostName(), port, proxy);
    }

    /** By its head, which the client has made: to ask the entity is to run the user's code once more. */
    static boolean hasBody(HttpEntityEnclosingRequest request) {
        return request.getEntity() != null
                && AftercallCall.isSlow(AftercallCall.lengthOf(valueOf(request.getFirstHeader("Content-Length"))), false);
    }

    /** What is pending in the asynchronous client's pool are connections that are being made; here, those who wait. */
    static void queue(AftercallCall call, Object manager, HttpRoute route, boolean pendingAreMade) {
        @SuppressWarnings("unchecked")
        ConnPoolControl<HttpRoute> pool = (ConnPoolControl<HttpRoute>) manager;
        PoolStats mine = pool.getStats(route);
        PoolStats all = pool.getTotalStats();
        boolean isFull = mine.getLeased() + (pendingAreMade ? mine.getPending() : 0) >= mine.getMax()
                || all.getLeased() + (pendingAreMade ? all.getPending() : 0) >= all.getMax();
        if (mine.getAvailable() == 0 && isFull) {
            call.stage("queue");
        }
    }

    private static void send(AftercallCall call, HttpRequest request) {
        if (request.getRequestLine().getMethod().equals("CONNECT")) {
            call.stage("proxy");
            return;
        }
        AftercallCall mine = AftercallCall.nextTry(call);
        head(mine, request);
        if (request.containsHeader("Expect")) {
            mine.stage("request");
        }
    }

    /** The head as it goes out. */
    static void head(AftercallCall call, HttpRequest request) {
        String traceparent = call.traceparent(valueOf(request.getFirstHeader("traceparent")));
        if (traceparent != null) {
            request.setHeader("traceparent", traceparent);
        }
        call.requestHead(textOf(request.getRequestLine().toString(), request));
    }

    /** A proxy's answer to CONNECT is given to the user as if it were the origin's; all of it was read before. */
    private static void refused(AftercallCall call, HttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        call.responded(response.getStatusLine().getStatusCode(), textOf(response.getStatusLine().toString(), response), entity == null ? 0 : -1);
        if (entity != null && !entity.isStreaming()) {
            entity.writeTo(new AftercallSink(call, false));
            call.end((Throwable) null, true);
        }
    }

    static void received(AftercallCall call, HttpResponse response) {
        byte[] head = textOf(response.getStatusLine().toString(), response);
        call.received(
                response.getStatusLine().getStatusCode(),
                head,
                valueOf(response.getFirstHeader("Content-Length")),
                response.containsHeader("Transfer-Encoding"));
    }

    static byte[] textOf(String startLine, HttpMessage message) {
        AftercallHead head = new AftercallHead(startLine);
        for (Header header : message.getAllHeaders()) {
            head.field(header.getName(), valueOf(header));
        }
        return head.end();
    }

    private static String valueOf(Header header) {
        return header == null || header.getValue() == null ? null : header.getValue();
    }
}
