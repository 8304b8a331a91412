package aftercall.woven;

import aftercall.agent.Points;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;

/**
 * Apache HttpClient 5, the asynchronous one, HTTP/1.1 and HTTP/2. A call is what AsyncConnectExec executes: below
 * redirects and retries. Its scope carries it, and what is made for it in the thread that begins or goes on with it:
 * callbacks, the request for a connection, the TLS session, the exchange's handler. Each of these runs in the call.
 */
public final class Apache5Async extends Apache5 {
    @Override
    public Object before(int point, Object[] arguments) {
        AftercallCall current = AftercallCall.current();
        switch (point) {
            case Points.ASYNC_EXECUTE:
                return execute((HttpRequest) arguments[1], (AsyncExecChain.Scope) arguments[3], arguments[arguments.length - 1]);
            case Points.ASYNC_MAIN:
                return main(callOf(arguments[3]), (AsyncEntityProducer) arguments[2], false);
            case Points.ASYNC_MAIN2:
                return main(callOf(arguments[3]), (AsyncEntityProducer) arguments[2], true);
            case Points.ASYNC_TAKES_CURRENT:
                carry(arguments[0], current);
                return null;
            case Points.STAGE_CONNECT:
                carry(arguments[0], current);
                return stage(current, "connect");
            case Points.STAGE_TLS:
                carry(arguments[0], current);
                if (current != null) {
                    current.handshakeBegins();
                }
                return null;
            case Points.ASYNC_QUEUE:
                if (current != null) {
                    queue(current, arguments[0], (HttpRoute) arguments[2]);
                }
                return null;
            case Points.ASYNC_QUEUE2:
                return stage(current, "queue");
            case Points.ASYNC_RESOLVE:
                if (current != null) {
                    current.resolve(null, 0);
                }
                return null;
            case Points.ASYNC_TUNNEL:
                return stage(current, "proxy");
            case Points.ASYNC_HEAD:
                sends(current, arguments[1]);
                return null;
            case Points.ASYNC_HEAD2:
                @SuppressWarnings("unchecked")
                List<Header> headers = (List<Header>) arguments[1];
                sends2(current, headers);
                return null;
            default:
                AftercallCall carried = callOf(arguments[0]);
                return carried == null ? null : ofCall(point, carried, arguments);
        }
    }

    private static Object ofCall(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.ASYNC_IN_CALL:
                return AftercallCall.scope(call);
            case Points.ASYNC_TLS_DONE:
                carry(arguments[0], null); // the connection outlives the call
                call.handshakeDone();
                return null;
            case Points.ASYNC_PRODUCE:
                carry(arguments[1], call); // what the user's code writes the body to, whenever and wherever
                return null;
            case Points.ASYNC_SENT:
                return new Object[] {call, ((ByteBuffer) arguments[1]).duplicate()};
            case Points.ASYNC_ALL_SENT:
                return stage(call, "response_head");
            case Points.ASYNC_RESPONSE:
                received(call, (HttpResponse) arguments[1]);
                if (arguments[2] == null) {
                    ended(call);
                }
                return AftercallCall.scope(call);
            case Points.ASYNC_REFUSED:
                HttpResponse response = (HttpResponse) arguments[1];
                call.responded(response.getCode(), textOf(startLine(response), response), arguments[2] == null ? 0 : -1);
                return null;
            case Points.ASYNC_RECEIVED:
                if (call.hasResponse()) {
                    call.received((ByteBuffer) arguments[1]);
                }
                return null;
            case Points.ASYNC_COMPLETE:
                ended(call);
                return null;
            case Points.ASYNC_FAILED:
                call.end((Throwable) arguments[1], false);
                return null;
            case Points.ASYNC_CANCELLED:
                call.cancelled();
                return null;
            default:
                return null;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        if (point == Points.ASYNC_SENT) {
            sent((Object[]) state, result);
        } else if (point == Points.ASYNC_EXECUTE || point == Points.ASYNC_MAIN) {
            AftercallCall.leave(state, thrown);
        } else {
            AftercallCall.current(((AftercallCall[]) state)[0]);
        }
    }

    private static Object stage(AftercallCall call, String name) {
        if (call != null) {
            call.stage(name);
        }
        return null;
    }

    /** {@code callback} is who is told how it ends. */
    private static Object execute(HttpRequest request, AsyncExecChain.Scope scope, Object callback) {
        AftercallCall call = begin(scope.route, request);
        carry(scope, call);
        carry(callback, call);
        carry(scope.cancellableDependency, call); // the user's future: whether the exchange hears of its end is chance
        if (call != null) {
            HttpHost proxy = scope.route.getProxyHost();
            if (proxy != null) {
                call.via(proxy.getHostName(), proxy.getPort());
            }
        }
        return AftercallCall.scope(call);
    }

    /** The connection is there, and its thread is asked to make the exchange: with others, where it is HTTP/2's alone. */
    private static Object main(AftercallCall call, AsyncEntityProducer producer, boolean isShared) {
        if (call == null) {
            return null;
        }
        call.sendsSlowly(producer != null); // whose length and whether it can be repeated only the user's code tells
        call.stage(isShared ? "queue" : sending(call));
        return AftercallCall.scope(call);
    }

    private static String sending(AftercallCall call) {
        return call.sendsSlowly() ? "request" : "response_head";
    }

    private static void sends(AftercallCall call, Object message) {
        if (call != null && message instanceof HttpRequest) {
            HttpRequest request = (HttpRequest) message;
            if (!request.getMethod().equals("CONNECT")) {
                head(call, request);
                call.stage(request.containsHeader("Expect") ? "request" : sending(call));
            }
        }
    }

    private static void sends2(AftercallCall call, List<Header> headers) {
        if (call == null || call.hasResponse()) {
            return;
        }
        String present = null;
        boolean isExpecting = false;
        for (Header header : headers) {
            String name = header.getName();
            if (name.equals("traceparent")) {
                present = header.getValue();
            }
            isExpecting |= name.equals("expect");
        }
        String traceparent = call.traceparent(present);
        if (traceparent != null) {
            for (int i = headers.size() - 1; i >= 0; i--) {
                if (headers.get(i).getName().equals("traceparent")) {
                    headers.remove(i);
                }
            }
            headers.add(new BasicHeader("traceparent", traceparent));
        }
        AftercallHead head = new AftercallHead(call.requestLine("HTTP/2"));
        for (Header header : headers) {
            head.field(header.getName(), valueOf(header));
        }
        call.requestHead(head.end());
        call.stage(isExpecting ? "request" : sending(call));
    }

    private static void sent(Object[] state, Object result) {
        ByteBuffer bytes = (ByteBuffer) state[1];
        if (result != null) {
            bytes.limit(bytes.position() + (Integer) result);
            ((AftercallCall) state[0]).sent(bytes);
        }
    }

    /** All of it has come; of a proxy's answer to CONNECT nothing is told unless the user gets it. */
    private static void ended(AftercallCall call) {
        if (call.hasResponse()) {
            call.end((Throwable) null, call.missing() <= 0);
        }
    }
}
