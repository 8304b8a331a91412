package aftercall.woven;

import aftercall.agent.FutureEnd;
import aftercall.agent.Points;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.nio.netty.internal.RequestContext;

/**
 * The AWS SDK v2's NettyNioAsyncHttpClient. A call is one NettyRequestExecutor: below the SDK's retries. The request's
 * context carries it, and what publishes the bodies; Netty itself is watched by the hooks beside this class.
 *
 * <p>Limitations: a proxy is named only by calls that connect to it.
 */
public final class AwsNetty extends AftercallHook {
    private static final AttributeKey<RequestContext> CONTEXT =
            AttributeKey.valueOf("aws.http.nio.netty.async.requestContext");

    @Override
    public Object before(int point, Object[] arguments) {
        switch (point) {
            case Points.AWS_NETTY_MADE:
                begin((AftercallCarrier) arguments[0], (RequestContext) arguments[1]);
                return null;
            case Points.AWS_NETTY_QUEUE:
                return stage(AftercallCall.current(), "queue");
            case Points.AWS_NETTY_TUNNEL:
                return stage(callOf(((ChannelHandlerContext) arguments[1]).channel()), "proxy");
            case Points.AWS_NETTY_TAKES_OUTER:
                takeFromArguments(arguments);
                return null;
            case Points.AWS_NETTY_RESPONSE:
                RequestContext context = ((ChannelHandlerContext) arguments[1]).channel().attr(CONTEXT).get();
                responded(callOf(context), arguments[2]);
                return null;
            default:
                AftercallCall call = callOf(arguments[0]);
                return call == null ? null : ofCall(point, call, arguments);
        }
    }

    private static Object ofCall(int point, AftercallCall call, Object[] arguments) {
        switch (point) {
            case Points.AWS_NETTY_EXECUTE:
            case Points.AWS_NETTY_ACQUIRED:
                return new AftercallCall[] {AftercallCall.current(call), call};
            case Points.AWS_NETTY_WRITE:
                write(call, (HttpRequest) arguments[1]);
                return new AftercallCall[] {AftercallCall.current(call), call};
            case Points.AWS_NETTY_WRITTEN:
                if (((Future<?>) arguments[1]).isSuccess()) {
                    call.stage("response_head");
                }
                return null;
            case Points.AWS_NETTY_SENT:
                call.sent((ByteBuffer) arguments[1]);
                return null;
            case Points.AWS_NETTY_RECEIVED:
                call.received(((HttpContent) arguments[1]).content().nioBuffer());
                return null;
            default:
                return null;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        AftercallCall[] calls = (AftercallCall[]) state;
        AftercallCall.current(calls[0]);
        if (thrown != null) {
            calls[1].end(thrown, false);
        } else if (point == Points.AWS_NETTY_EXECUTE) {
            ((CompletableFuture<?>) result).whenComplete(new FutureEnd(calls[1]));
        }
    }

    private static Object stage(AftercallCall call, String name) {
        if (call != null) {
            call.stage(name);
        }
        return null;
    }

    private static void begin(AftercallCarrier executor, RequestContext context) {
        SdkHttpRequest request = context.executeRequest().request();
        AftercallCall call = AftercallCall.begin(
                "AWS SDK Netty",
                request.method().name(),
                request.getUri().toString(),
                request.host(),
                request.port(),
                null);
        executor.aftercall(call);
        ((AftercallCarrier) (Object) context).aftercall(call);
    }

    private static void takeFromArguments(Object[] arguments) {
        AftercallCall call = AftercallCall.current();
        for (int i = 1; i < arguments.length; i++) {
            AftercallCall carried = callOf(arguments[i]);
            call = carried == null ? call : carried;
        }
        ((AftercallCarrier) arguments[0]).aftercall(call);
    }

    private static void write(AftercallCall call, HttpRequest request) {
        HttpHeaders headers = request.headers();
        String traceparent = call.traceparent(headers.get("traceparent"));
        if (traceparent != null) {
            headers.set("traceparent", traceparent);
        }
        String startLine = request.method() + " " + request.uri() + ' ' + request.protocolVersion();
        call.requestHead(textOf(startLine, headers));
        String length = headers.get("Content-Length");
        boolean isEncoded = headers.contains("Transfer-Encoding");
        boolean isSlow = isEncoded || length != null && AftercallCall.isSlow(AftercallCall.lengthOf(length), false);
        call.stage(isSlow ? "request" : "response_head");
    }

    private static void responded(AftercallCall call, Object message) {
        if (call != null && message instanceof HttpResponse) {
            HttpResponse response = (HttpResponse) message;
            HttpHeaders headers = response.headers();
            boolean isEncoded = headers.contains("Transfer-Encoding");
            // Every status but 100 is the answer to the SDK.
            call.responded(
                    response.status().code(),
                    textOf(response.protocolVersion() + " " + response.status(), headers),
                    isEncoded ? -1 : AftercallCall.lengthOf(headers.get("Content-Length")));
        }
    }

    private static byte[] textOf(String startLine, HttpHeaders headers) {
        AftercallHead head = new AftercallHead(startLine);
        for (Map.Entry<String, String> field : headers) {
            head.field(field.getKey(), field.getValue());
        }
        return head.end();
    }
}
