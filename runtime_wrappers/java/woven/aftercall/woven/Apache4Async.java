package aftercall.woven;

import aftercall.agent.Points;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.conn.routing.HttpRoute;

/**
 * Apache HttpAsyncClient 4.1. An exchange handler makes a call of each request that it asks a connection for, or sends on
 * the one that it has: redirects are calls of their own. What encodes and decodes bodies carries the call too.
 *
 * <p>Limitations: pipelined requests are not seen.
 */
public final class Apache4Async extends Apache4 {
    private static final String LIBRARY = "Apache HttpAsyncClient 4";

    /** What a handler carries: its route, its request and the call. */
    private static final int ROUTE = 0;

    private static final int REQUEST = 1;
    private static final int CALL = 2;

    @Override
    public Object before(int point, Object[] arguments) {
        AftercallCall current = AftercallCall.current();
        switch (point) {
            case Points.ASYNC_ROUTE:
                if (!arguments[0].getClass().getSimpleName().startsWith("Pipelining")) {
                    exchangeOf(arguments[0])[ROUTE] = arguments[1];
                }
                return null;
            case Points.ASYNC_REQUEST:
                if (arguments[1] != null && !isConnect((HttpRequest) arguments[1])) {
                    exchangeOf(arguments[0])[REQUEST] = arguments[1];
                }
                return null;
            case Points.ASYNC_CONNECTION:
            case Points.ASYNC_GENERATE:
                return AftercallCall.scope(begun(exchangeOf(arguments[0])));
            case Points.ASYNC_TAKES_CURRENT:
                carry(arguments[0], current);
                return null;
            case Points.ASYNC_IN_CALL:
                return AftercallCall.scope(callOf(arguments[1]));
            case Points.ASYNC_SENT:
            case Points.ASYNC_RECEIVED:
                AftercallCall passing = callOf(arguments[0]);
                return passing == null ? null : new Object[] {passing, ((ByteBuffer) arguments[1]).duplicate()};
            case Points.ASYNC_SENT_FILE:
            case Points.ASYNC_RECEIVED_FILE:
                return callOf(arguments[0]) == null ? null : arguments;
            case Points.ASYNC_TLS_DONE:
                return callOf(arguments[0]);
            case Points.ASYNC_QUEUE:
            case Points.ASYNC_RESOLVE:
            case Points.STAGE_CONNECT:
            case Points.STAGE_TLS:
            case Points.ASYNC_REFUSED:
                if (current != null) {
                    inCall(point, current, arguments);
                }
                return null;
            default:
                AftercallCall call = (AftercallCall) exchangeOf(arguments[0])[CALL];
                return call == null ? null : ofExchange(point, call, arguments);
        }
    }

    private static void inCall(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.ASYNC_QUEUE:
                queue(call, arguments[0], (HttpRoute) arguments[1], true);
                break;
            case Points.ASYNC_RESOLVE:
                call.resolve(null, 0);
                break;
            case Points.STAGE_CONNECT:
                call.stage("connect");
                break;
            case Points.STAGE_TLS:
                carry(arguments[0], call);
                call.handshakeBegins();
                break;
            default:
                refused(call, (HttpResponse) arguments[1]);
                break;
        }
    }

    private static Object ofExchange(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.ASYNC_PRODUCE:
            case Points.ASYNC_CONSUME:
                carry(arguments[1], call);
                return null;
            case Points.ASYNC_ALL_SENT:
                AftercallCall.asked(call);
                return null;
            case Points.ASYNC_RESPONSE:
                received(call, (HttpResponse) arguments[1]);
                return AftercallCall.scope(call);
            case Points.ASYNC_COMPLETE:
                if (call.hasResponse()) {
                    call.end((Throwable) null, call.missing() <= 0);
                }
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
    public void after(int point, Object state, Object result, Throwable thrown) throws IOException {
        switch (point) {
            case Points.ASYNC_GENERATE:
                if (result != null && AftercallCall.current() != null) {
                    sends(AftercallCall.current(), (HttpRequest) result);
                }
                AftercallCall.leave(state, thrown);
                break;
            case Points.ASYNC_CONNECTION:
                AftercallCall.leave(state, thrown);
                break;
            case Points.ASYNC_TLS_DONE:
                if (thrown == null) {
                    ((AftercallCall) state).handshakeDone();
                }
                break;
            case Points.ASYNC_SENT:
            case Points.ASYNC_RECEIVED:
                if (result != null) {
                    passed((Object[]) state, (Integer) result, point == Points.ASYNC_SENT);
                }
                break;
            case Points.ASYNC_SENT_FILE:
            case Points.ASYNC_RECEIVED_FILE:
                if (result != null) {
                    passedByFile((Object[]) state, (Long) result, point == Points.ASYNC_SENT_FILE);
                }
                break;
            default:
                AftercallCall.current(((AftercallCall[]) state)[0]);
                break;
        }
    }

    private static Object[] exchangeOf(Object handler) {
        AftercallCarrier carrier = (AftercallCarrier) handler;
        if (carrier.aftercall() == null) {
            carrier.aftercall(new Object[3]);
        }
        return (Object[]) carrier.aftercall();
    }

    private static boolean isConnect(HttpRequest request) {
        return request.getRequestLine().getMethod().equals("CONNECT");
    }

    /** The call that goes on, or the handler's next one. */
    private static AftercallCall begun(Object[] exchange) {
        AftercallCall earlier = (AftercallCall) exchange[CALL];
        if (earlier != null && !earlier.hasResponse() && !earlier.hasEnded()) {
            return earlier;
        }
        AftercallCall.givenUp(earlier);
        if (exchange[ROUTE] == null || exchange[REQUEST] == null) {
            return null;
        }
        HttpRoute route = (HttpRoute) exchange[ROUTE];
        AftercallCall call = begin(LIBRARY, route, (HttpRequest) exchange[REQUEST]);
        if (call != null) {
            call.follows(earlier);
            if (route.getProxyHost() != null) {
                call.via(route.getProxyHost().getHostName(), route.getProxyHost().getPort());
            }
        }
        exchange[CALL] = call;
        return call;
    }

    private static void sends(AftercallCall call, HttpRequest request) {
        if (isConnect(request)) {
            call.stage("proxy");
            return;
        }
        head(call, request);
        boolean isSlow = false;
        if (request instanceof HttpEntityEnclosingRequest) {
            isSlow = request.containsHeader("Expect") || hasBody((HttpEntityEnclosingRequest) request);
        }
        call.stage(isSlow ? "request" : "response_head");
    }

    /** A proxy's answer to CONNECT is given to the user as if it were the origin's. */
    private static void refused(AftercallCall call, HttpResponse response) {
        if (response != null && !call.hasResponse()) {
            call.responded(
                    response.getStatusLine().getStatusCode(),
                    textOf(response.getStatusLine().toString(), response),
                    response.getEntity() == null ? 0 : -1);
        }
    }

    private static void passed(Object[] state, int count, boolean isRequest) {
        AftercallCall call = (AftercallCall) state[0];
        ByteBuffer bytes = (ByteBuffer) state[1];
        if (count > 0) {
            bytes.limit(bytes.position() + count);
            show(call, bytes, isRequest);
        }
    }

    private static void show(AftercallCall call, ByteBuffer bytes, boolean isRequest) {
        if (isRequest) {
            call.sent(bytes);
        } else if (call.hasResponse()) {
            call.received(bytes);
        }
    }

    /** `transfer(file, position, count)`, by which the system moves the bytes: the first ones are read from the file. */
    private static void passedByFile(Object[] arguments, long count, boolean isRequest) throws IOException {
        if (count <= 0) {
            return;
        }
        AftercallCall call = callOf(arguments[0]);
        int wanted = isRequest ? call.wantedOfRequest() : call.wantedOfResponse();
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, wanted));
        try {
            ((FileChannel) arguments[1]).read(bytes, (Long) arguments[2]);
        } catch (NonReadableChannelException exception) {
            bytes.clear(); // opened for writing alone
        }
        bytes.flip();
        long rest = count - bytes.remaining();
        show(call, bytes, isRequest);
        if (isRequest) {
            call.sentMore(rest);
        } else {
            call.skipped(rest);
        }
    }
}
