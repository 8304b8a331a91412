package aftercall.woven;

import aftercall.agent.Points;
import java.io.IOException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.pool.PoolStats;

/**
 * Apache HttpClient 5, the classic one. A call is what ConnectExec executes: below redirects and retries. Heads are taken
 * at the connection; the body streams that it makes carry the call (see StreamHooks).
 */
public class Apache5 extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        switch (point) {
            case Points.APACHE_EXECUTE:
                return AftercallCall.scope(begin(((ExecChain.Scope) arguments[2]).route, (ClassicHttpRequest) arguments[1]));
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
                queue(call, arguments[0], (HttpRoute) arguments[2]);
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
                send(call, (ClassicHttpRequest) arguments[1]);
                return null;
            case Points.APACHE_ENTITY:
                ClassicHttpRequest request = (ClassicHttpRequest) arguments[1];
                if (request.getEntity() != null && hasBody(request)) {
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
                    refused(call, (ClassicHttpResponse) result);
                }
                AftercallCall.leave(state, thrown);
                break;
            case Points.APACHE_RECEIVE:
                if (result != null) {
                    received(AftercallCall.current(), (ClassicHttpResponse) result);
                }
                break;
            case Points.APACHE_STREAM:
                AftercallCall.carry(result);
                break;
            default:
                break;
        }
    }

    static AftercallCall begin(HttpRoute route, HttpRequest request) {
        HttpHost target = route.getTargetHost();
        int port = target.getPort();
        if (port < 0) {
            port = "https".equalsIgnoreCase(target.getSchemeName()) ? 443 : 80;
        }
        String proxy = route.getProxyHost() == null ? null : route.getProxyHost().toURI();
        String uri = request.getRequestUri();
        boolean isAbsolute = uri.startsWith("http://") || uri.startsWith("https://");
        String url = isAbsolute ? uri : AftercallCall.origin(target.getSchemeName(), target.getHostName(), port) + uri;
        return AftercallCall.begin("Apache HttpClient 5", request.getMethod(), url, target.getHostName(), port, proxy);
    }

    static void queue(AftercallCall call, Object manager, HttpRoute route) {
        @SuppressWarnings("unchecked")
        ConnPoolControl<HttpRoute> pool = (ConnPoolControl<HttpRoute>) manager;
        PoolStats mine = pool.getStats(route);
        if (mine.getAvailable() == 0
                && (mine.getLeased() >= mine.getMax() || pool.getTotalStats().getLeased() >= pool.getMaxTotal())) {
            call.stage("queue");
        }
    }

    private static void send(AftercallCall call, ClassicHttpRequest request) {
        if (request.getMethod().equals("CONNECT")) {
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
        call.requestHead(textOf(request.getMethod() + ' ' + request.getRequestUri() + " HTTP/1.1", request));
    }

    /** A proxy's answer to CONNECT is given to the user as if it were the origin's; all of it was read before. */
    private static void refused(AftercallCall call, ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        call.responded(response.getCode(), textOf(startLine(response), response), entity == null ? 0 : -1);
        if (entity != null && !entity.isStreaming()) {
            entity.writeTo(new AftercallSink(call, false));
            call.end((Throwable) null, true);
        }
    }

    static void received(AftercallCall call, HttpResponse response) {
        call.received(
                response.getCode(),
                textOf(startLine(response), response),
                valueOf(response.getFirstHeader("Content-Length")),
                response.containsHeader("Transfer-Encoding"));
    }

    /** By its head, which the client has made: to ask the entity is to run the user's code once more. */
    private static boolean hasBody(HttpRequest request) {
        return AftercallCall.isSlow(AftercallCall.lengthOf(valueOf(request.getFirstHeader("Content-Length"))), false);
    }

    static String startLine(HttpResponse response) {
        String reason = response.getReasonPhrase();
        boolean isHttp2 = response.getVersion() != null && response.getVersion().getMajor() == 2;
        return (isHttp2 ? "HTTP/2 " : "HTTP/1.1 ") + response.getCode() + ' ' + (reason == null ? "" : reason);
    }

    static byte[] textOf(String startLine, MessageHeaders message) {
        AftercallHead head = new AftercallHead(startLine);
        for (Header header : message.getHeaders()) {
            head.field(header.getName(), valueOf(header));
        }
        return head.end();
    }

    static String valueOf(Header header) {
        return header == null || header.getValue() == null ? null : header.getValue();
    }
}
