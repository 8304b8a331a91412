package aftercall.agent;

import static aftercall.agent.Target.around;
import static aftercall.agent.Target.before;
import static aftercall.agent.Target.enter;
import static aftercall.agent.Target.made;

import java.util.Map;

/** The hook points in Apache's asynchronous clients: of HttpClient 5, and HttpAsyncClient 4.1. */
final class ApacheAsyncTable {
    private static final String CLIENT5 = "org/apache/hc/client5/http/impl/";
    private static final String CORE5 = "org/apache/hc/core5/";
    private static final String HOOKS5 = "aftercall.woven.Apache5Async";
    private static final String CLIENT4 = "org/apache/http/impl/nio/";
    private static final String HOOKS4 = "aftercall.woven.Apache4Async";
    private static final Target.Point TAKES_CURRENT = made("(", Points.ASYNC_TAKES_CURRENT);

    private ApacheAsyncTable() {}

    static void addTo(Map<String, Target> targets) {
        calls5(targets);
        connections5(targets);
        bodies5(targets);
        calls4(targets);
        connections4(targets);
        bodies4(targets);
    }

    /** What goes through the client's own layers. */
    private static void calls5(Map<String, Target> targets) {
        String async = CLIENT5 + "async/";
        String execute = "(L" + CORE5 + "http/HttpRequest;";
        targets.put("org/apache/hc/client5/http/async/AsyncExecChain$Scope", new Target(HOOKS5, true));
        targets.put(
                CORE5 + "concurrent/ComplexFuture",
                new Target(HOOKS5, true, enter("cancel", "(Z)Z", Points.ASYNC_CANCELLED)));
        targets.put(
                async + "AsyncConnectExec",
                new Target(
                        HOOKS5,
                        false,
                        around("execute", execute, Points.ASYNC_EXECUTE),
                        enter("createTunnel", "(", Points.ASYNC_TUNNEL)));
        targets.put(
                async + "AsyncProtocolExec$1",
                new Target(
                        HOOKS5,
                        true,
                        enter("completed", "()V", Points.ASYNC_COMPLETE),
                        enter("failed", "(Ljava/lang/Exception;)", Points.ASYNC_FAILED)));
        targets.put(
                async + "HttpAsyncMainClientExec",
                new Target(HOOKS5, false, around("execute", execute, Points.ASYNC_MAIN)));
        targets.put(
                async + "H2AsyncMainClientExec",
                new Target(HOOKS5, false, around("execute", execute, Points.ASYNC_MAIN2)));
        // Exchanges and what is told of connections on the way to them: releases number these differently.
        Target exchange = new Target(
                HOOKS5,
                true,
                TAKES_CURRENT,
                around("completed", "(", Points.ASYNC_IN_CALL),
                around("produceRequest", "(", Points.ASYNC_IN_CALL),
                enter("produce", "(", Points.ASYNC_PRODUCE),
                around("consumeResponse", "(", Points.ASYNC_RESPONSE),
                enter("handleResponse", "(", Points.ASYNC_REFUSED),
                enter("consume", "(Ljava/nio/ByteBuffer;)", Points.ASYNC_RECEIVED),
                enter("streamEnd", "(", Points.ASYNC_COMPLETE),
                enter("failed", "(Ljava/lang/Exception;)", Points.ASYNC_FAILED),
                enter("cancelled", "()V", Points.ASYNC_CANCELLED));
        for (int number = 1; number < 8; number++) {
            targets.put(async + "AsyncConnectExec$" + number, exchange);
        }
        targets.put(async + "HttpAsyncMainClientExec$1", exchange);
        targets.put(async + "H2AsyncMainClientExec$1", exchange);
    }

    private static void connections5(Map<String, Target> targets) {
        targets.put(
                CLIENT5 + "nio/PoolingAsyncClientConnectionManager",
                new Target(
                        HOOKS5,
                        false,
                        enter(
                                "lease",
                                "(Ljava/lang/String;Lorg/apache/hc/client5/http/HttpRoute;",
                                Points.ASYNC_QUEUE)));
        targets.put(
                CLIENT5 + "nio/MultihomeIOSessionRequester",
                new Target(HOOKS5, false, before("resolve", "connect", "(", Points.ASYNC_RESOLVE)));
        targets.put(
                CLIENT5 + "async/InternalH2AsyncExecRuntime",
                new Target(HOOKS5, false, enter("acquireEndpoint", "(", Points.ASYNC_QUEUE2)));
        targets.put(
                CLIENT5 + "async/InternalH2ConnPool$SessionPool",
                new Target(HOOKS5, false, enter("connectSession", "(", Points.ASYNC_RESOLVE)));
        targets.put(
                CORE5 + "reactor/IOSessionRequest",
                new Target(
                        HOOKS5,
                        true,
                        made("(", Points.STAGE_CONNECT),
                        around("completed", "(", Points.ASYNC_IN_CALL),
                        around("failed", "(", Points.ASYNC_IN_CALL)));
        targets.put(
                CORE5 + "reactor/ssl/SSLIOSession",
                new Target(
                        HOOKS5,
                        true,
                        made("(", Points.STAGE_TLS),
                        before(CORE5 + "reactor/IOEventHandler.connected", "doHandshake", "(", Points.ASYNC_TLS_DONE)));
    }

    private static void bodies5(Map<String, Target> targets) {
        targets.put(
                CORE5 + "http/impl/nio/AbstractHttp1StreamDuplexer",
                new Target(HOOKS5, false, enter("commitMessageHead", "(", Points.ASYNC_HEAD)));
        targets.put(
                CORE5 + "http2/impl/nio/AbstractH2StreamMultiplexer$H2StreamChannelImpl",
                new Target(HOOKS5, false, enter("submit", "(Ljava/util/List;Z)", Points.ASYNC_HEAD2)));
        Target channel = new Target(
                HOOKS5,
                true,
                around("write", "(Ljava/nio/ByteBuffer;)I", Points.ASYNC_SENT),
                enter("endStream", "(Ljava/util/List;)", Points.ASYNC_ALL_SENT));
        targets.put(CORE5 + "http/impl/nio/ClientHttp1StreamHandler$1", channel);
        targets.put(CORE5 + "http2/impl/nio/ClientH2StreamHandler$1", channel);
    }

    private static void calls4(Map<String, Target> targets) {
        targets.put(
                CLIENT4 + "client/AbstractClientExchangeHandler",
                new Target(
                        HOOKS4,
                        true,
                        enter("setRoute", "(", Points.ASYNC_ROUTE),
                        enter("setCurrentRequest", "(", Points.ASYNC_REQUEST),
                        around("requestConnection", "()V", Points.ASYNC_CONNECTION),
                        enter("failed", "(Ljava/lang/Exception;)", Points.ASYNC_FAILED),
                        enter("cancel", "()", Points.ASYNC_CANCELLED),
                        enter("close", "()V", Points.ASYNC_CANCELLED)));
        Target exchange = new Target(
                HOOKS4,
                false,
                around("generateRequest", "()", Points.ASYNC_GENERATE),
                enter("produceContent", "(", Points.ASYNC_PRODUCE),
                enter("requestCompleted", "()V", Points.ASYNC_ALL_SENT),
                around("responseReceived", "(", Points.ASYNC_RESPONSE),
                enter("consumeContent", "(", Points.ASYNC_CONSUME),
                enter("responseCompleted", "()V", Points.ASYNC_COMPLETE));
        targets.put(CLIENT4 + "client/DefaultClientExchangeHandlerImpl", exchange);
        targets.put(CLIENT4 + "client/MinimalClientExchangeHandlerImpl", exchange);
        targets.put(
                CLIENT4 + "client/InternalState",
                new Target(HOOKS4, false, enter("setFinalResponse", "(", Points.ASYNC_REFUSED)));
    }

    private static void connections4(Map<String, Target> targets) {
        targets.put(
                CLIENT4 + "conn/PoolingNHttpClientConnectionManager",
                new Target(
                        HOOKS4,
                        false,
                        enter(
                                "requestConnection",
                                "(Lorg/apache/http/conn/routing/HttpRoute;",
                                Points.ASYNC_QUEUE)));
        String pool = "org/apache/http/nio/pool/";
        targets.put(pool + "LeaseRequest", new Target(HOOKS4, true, TAKES_CURRENT));
        targets.put(
                pool + "AbstractNIOConnPool",
                new Target(
                        HOOKS4,
                        false,
                        // In whatever thread gives a connection back.
                        around("processPendingRequest", "(", Points.ASYNC_IN_CALL),
                        before("resolveRemoteAddress", "processPendingRequest", "(", Points.ASYNC_RESOLVE)));
        targets.put(
                CLIENT4 + "reactor/SessionRequestImpl", new Target(HOOKS4, false, made("(", Points.STAGE_CONNECT)));
        targets.put(
                "org/apache/http/nio/conn/ssl/SSLIOSessionStrategy$1",
                new Target(
                        HOOKS4, true, made("(", Points.STAGE_TLS), around("verify", "(", Points.ASYNC_TLS_DONE)));
    }

    private static void bodies4(Map<String, Target> targets) {
        for (String framing : new String[] {"LengthDelimited", "Chunk", "Identity"}) {
            targets.put(
                    CLIENT4 + "codecs/" + framing + "Encoder",
                    new Target(
                            HOOKS4,
                            true,
                            around("write", "(Ljava/nio/ByteBuffer;)I", Points.ASYNC_SENT),
                            around("transfer", "(", Points.ASYNC_SENT_FILE)));
            targets.put(
                    CLIENT4 + "codecs/" + framing + "Decoder",
                    new Target(
                            HOOKS4,
                            true,
                            around("read", "(Ljava/nio/ByteBuffer;)I", Points.ASYNC_RECEIVED),
                            around("transfer", "(", Points.ASYNC_RECEIVED_FILE)));
        }
    }
}
