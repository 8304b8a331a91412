package aftercall.agent;

import static aftercall.agent.Target.around;
import static aftercall.agent.Target.before;
import static aftercall.agent.Target.enter;
import static aftercall.agent.Target.made;
import static aftercall.agent.Target.passed;
import static aftercall.agent.Target.replace;

import java.util.HashMap;
import java.util.Map;

/** Every hook point. A class or method that is missing is left out: libraries differ from release to release. */
final class HookTable {
    private static final String RUNTIME_API = "com/amazonaws/services/lambda/runtime/api/client/runtimeapi/";
    private static final String FIRST_IMAGES = "lambdainternal/runtimeapi/";

    private static final String SUBSCRIBER = "java/net/http/HttpResponse$BodySubscriber.";
    static final String STREAMS = "aftercall.agent.StreamHooks";
    static final Target.Point READ = around("read", "([BII)I", Points.STREAM_READ);
    static final Target.Point READ_BYTE = around("read", "()I", Points.STREAM_READ_BYTE);
    /** Of streams that read the rest of the body first, by themselves. */
    static final Target.Point CLOSE_READING = around("close", "()V", Points.STREAM_CLOSE_READING);
    private static final Target.Point CLOSE = enter("close", "()V", Points.STREAM_CLOSE);
    static final Target.Point WRITE = enter("write", "([BII)V", Points.STREAM_WRITE);
    private static final Target.Point WRITE_LAST = around("write", "([BII)V", Points.STREAM_WRITE_LAST);
    static final Target.Point WRITE_BYTE = enter("write", "(I)V", Points.STREAM_WRITE_BYTE);

    private final Map<String, Target> targets = new HashMap<>();

    private HookTable() {}

    /** Whether a class that is named in Java's way belongs to Lambda's runtime client. */
    static boolean isOfRuntimeClient(String name) {
        String internal = name.replace('.', '/');
        return internal.startsWith(RUNTIME_API) || internal.startsWith(FIRST_IMAGES);
    }

    /** By the class's internal name. */
    static Map<String, Target> targets() {
        HookTable table = new HookTable();
        table.runtimeClients();
        table.urlConnection();
        table.awsStreams();
        table.okhttp();
        table.javaNetHttp();
        ApacheTable.addTo(table.targets);
        ApacheAsyncTable.addTo(table.targets);
        NettyTable.addTo(table.targets);
        return table.targets;
    }

    private void add(String name, Target target) {
        targets.put(name, target);
    }

    /** Its releases from 2.4 on, those before, and the copies of the latter in the first managed images. */
    private void runtimeClients() {
        add(RUNTIME_API + "LambdaRuntimeApiClientImpl", apiClient("aftercall.woven.RuntimeClient"));
        add(RUNTIME_API + "LambdaRuntimeClient", client("aftercall.woven.RuntimeClientBefore24"));
        add("com/amazonaws/services/lambda/runtime/api/client/AWSLambda", Target.RUNTIME_CLIENT);
        add("lambdainternal/AWSLambda", Target.RUNTIME_CLIENT);
        add(FIRST_IMAGES + "LambdaRuntimeClient", client("aftercall.woven.RuntimeClientOfFirstImages"));
    }

    private static Target apiClient(String hooks) {
        return new Target(
                hooks,
                false,
                around("nextInvocation", "()", Points.RUNTIME_NEXT),
                around("reportInvocationSuccess", "(Ljava/lang/String;[B)", Points.RUNTIME_RESPONSE),
                around("reportInvocationError", "(Ljava/lang/String;", Points.RUNTIME_ERROR),
                around("reportInitError", "(", Points.RUNTIME_INIT_ERROR),
                enter("doPost", "(Ljava/lang/String;Ljava/util/Map;[B)", Points.RUNTIME_POST),
                around("restoreNext", "()", Points.RUNTIME_RESTORE));
    }

    private static Target client(String hooks) {
        return new Target(
                hooks,
                false,
                around("waitForNextInvocation", "()", Points.RUNTIME_NEXT),
                around("postInvocationResponse", "(Ljava/lang/String;[B)", Points.RUNTIME_RESPONSE),
                around("postInvocationError", "(Ljava/lang/String;[BLjava/lang/String;)", Points.RUNTIME_ERROR),
                around(
                        "postInvocationError",
                        "(Ljava/lang/String;[BLjava/lang/String;Ljava/lang/String;)",
                        Points.RUNTIME_ERROR),
                around("postInitError", "([B", Points.RUNTIME_INIT_ERROR),
                around("getRestoreNext", "()", Points.RUNTIME_RESTORE));
    }

    private void urlConnection() {
        String hooks = HookLoader.URL_CONNECTION;
        add(
                "sun/net/www/protocol/http/HttpURLConnection",
                new Target(
                        hooks,
                        true,
                        around("connect", "()V", Points.URL_CONNECT),
                        enter("plainConnect0", "()V", Points.URL_BEGIN),
                        around("getInputStream0", "()", Points.URL_EXCHANGE),
                        around("getOutputStream0", "()", Points.URL_OUTPUT),
                        enter("writeRequests", "()V", Points.URL_WRITE),
                        enter("doTunneling", "()V", Points.URL_TUNNEL),
                        enter("disconnect", "()V", Points.URL_DISCONNECT)));
        add(
                "sun/net/www/protocol/https/AbstractDelegateHttpsURLConnection",
                new Target(hooks, false, around("connect", "()V", Points.URL_CONNECT)));
        add(
                "sun/net/www/http/HttpClient",
                new Target(
                        hooks,
                        false,
                        enter(
                                "writeRequests",
                                "(Lsun/net/www/MessageHeader;Lsun/net/www/http/PosterOutputStream;)V",
                                Points.URL_SEND),
                        around("parseHTTP", "(", Points.URL_PARSE)));
        add(
                "sun/net/NetworkClient",
                new Target(
                        hooks,
                        false,
                        enter("doConnect", "(Ljava/lang/String;I)", Points.URL_RESOLVE),
                        before("java/net/Socket.connect", "doConnect", "(", Points.STAGE_CONNECT)));
        add(
                "sun/net/www/protocol/https/HttpsClient",
                new Target(hooks, false, before("startHandshake", "afterConnect", "()V", Points.STAGE_TLS)));
        Target.Point made = made("(", Points.URL_STREAM).of(hooks);
        // Its other ways to read lead to this one.
        add(
                "sun/net/www/protocol/http/HttpURLConnection$HttpInputStream",
                new Target(STREAMS, true, made, READ, CLOSE));
        add(
                "sun/net/www/protocol/http/HttpURLConnection$StreamingOutputStream",
                new Target(STREAMS, true, made, WRITE_LAST, WRITE_BYTE));
    }

    /** Where the AWS SDK v2 gives a response up; of HttpURLConnection's it says so to nobody else. */
    private void awsStreams() {
        add(
                "software/amazon/awssdk/http/AbortableInputStream",
                new Target(
                        STREAMS,
                        true,
                        made("(Ljava/io/InputStream;", Points.STREAM_WRAPS),
                        enter("abort", "()V", Points.STREAM_CLOSE)));
    }

    private void okhttp() {
        String hooks = "aftercall.woven.Okhttp";
        String connection = "okhttp3/internal/connection/";
        add(
                connection + "ConnectInterceptor",
                new Target(hooks, false, around("intercept", "(Lokhttp3/Interceptor$Chain;)", Points.OK_EXECUTE)));
        add(
                connection + "RouteSelector",
                new Target(
                        hooks, false, enter("resetNextInetSocketAddress", "(Ljava/net/Proxy;)", Points.OK_RESOLVE)));
        add(
                connection + "RealConnection", // up to 4
                new Target(
                        hooks,
                        false,
                        before("connectSocket", "connectSocket", "(", Points.STAGE_CONNECT),
                        enter("createTunnel", "(", Points.OK_TUNNEL),
                        before("startHandshake", "connectTls", "(", Points.STAGE_TLS)));
        add(
                connection + "ConnectPlan",
                new Target(
                        hooks,
                        true,
                        made("(", Points.OK_PLAN),
                        around("connectTcp", "()", Points.OK_IN_THREAD),
                        before("connectSocket", "connectSocket", "(", Points.STAGE_CONNECT),
                        enter("createTunnel", "()", Points.OK_TUNNEL),
                        before("startHandshake", "connectTls", "(", Points.STAGE_TLS)));
        add(
                "okhttp3/internal/http/CallServerInterceptor",
                new Target(hooks, false, enter("intercept", "(Lokhttp3/Interceptor$Chain;)", Points.OK_CONNECTED)));
        add(
                connection + "Exchange",
                new Target(
                        hooks,
                        true,
                        replace("writeRequestHeaders", "(Lokhttp3/Request;)", Points.OK_HEAD),
                        enter("readResponseHeaders", "(Z)", Points.OK_RECEIVE),
                        enter("responseHeadersEnd", "(Lokhttp3/Response;)", Points.OK_RESPONDED)));
        Target.Point made = made("(", Points.OK_STREAM);
        add(
                connection + "Exchange$RequestBodySink",
                new Target(hooks, true, made, enter("write", "(Lokio/Buffer;J)", Points.OK_WRITE)));
        add(
                connection + "Exchange$ResponseBodySource",
                new Target(hooks, true, made, around("read", "(Lokio/Buffer;J)", Points.OK_READ), CLOSE.of(STREAMS)));
    }

    /** Its classes have moved little from 11 to 25; where they have, both places stand here. */
    private void javaNetHttp() {
        String hooks = "aftercall.woven.JavaNetHttp";
        String http = "jdk/internal/net/http/";
        Target.Point outer = made("(", Points.JH_TAKES_OUTER);
        Target.Point current = made("(", Points.JH_TAKES_CURRENT);
        Target.Point sent = enter("onNext", "(Ljava/nio/ByteBuffer;)", Points.JH_SENT);
        Target.Point sendBody = enter("sendBodyAsync", "()", Points.JH_SEND_BODY);
        Target.Point ask = enter("getResponseAsync", "(", Points.JH_ASK);
        add(
                http + "Exchange",
                new Target(
                        hooks,
                        true,
                        made("(", Points.JH_MADE),
                        around("responseAsyncImpl", "(Ljdk/internal/net/http/HttpConnection;)", Points.JH_EXCHANGE),
                        around("readBodyAsync", "(", Points.JH_IN_CALL),
                        enter("cancel", "(Ljava/io/IOException;)", Points.JH_CANCEL),
                        enter("ignoreBody", "()", Points.JH_GIVEN_UP)));
        add(http + "Response", new Target(hooks, false, made("(", Points.JH_RESPONSE)));
        add(
                http + "PlainHttpConnection",
                new Target(
                        hooks,
                        true,
                        made("(", Points.JH_CONNECTION),
                        before("java/nio/channels/SocketChannel.connect", "*", "(", Points.STAGE_CONNECT)));
        add(
                http + "HttpRequestImpl",
                // Not made where a proxy resolves the name.
                new Target(
                                hooks,
                                false,
                                before("java/net/InetSocketAddress.<init>", "getAddress", "()", Points.JH_RESOLVE),
                                // As a privileged action, up to 23.
                                before(
                                        "java/net/InetSocketAddress.<init>",
                                        "lambda$getAddress$*",
                                        "(",
                                        Points.JH_RESOLVE))
                        .opening("setSystemHeader"));
        // The TLS flow is made when the connection below is there, in whatever thread that is.
        for (String name : new String[] {"AsyncSSLConnection", "AsyncSSLTunnelConnection"}) {
            add(
                    http + name,
                    new Target(hooks, true, current, around("lambda$connectAsync$*", "(", Points.JH_IN_CALL)));
        }
        add(
                http + "common/SSLFlowDelegate",
                new Target(
                        hooks,
                        true,
                        // This begins the handshake, in whatever thread; it may be over when the constructor returns.
                        before("connect", "<init>", "(", Points.JH_TLS),
                        enter("setALPN", "()", Points.JH_TLS_DONE)));
        add(
                http + "Http1Exchange",
                new Target(
                        hooks, true, outer, sendBody, ask, enter("cancelImpl", "(Ljava/lang/Throwable;", Points.JH_ERROR)));
        add(
                http + "Http1Request",
                new Target(hooks, true, outer, around("headers", "()", Points.JH_HEADERS)));
        add(http + "Http1Request$FixedContentSubscriber", new Target(hooks, true, outer, sent));
        add(http + "Http1Request$StreamSubscriber", new Target(hooks, true, outer, sent));
        Target.Point cancelled = enter("cancelImpl", "(Ljava/lang/Throwable;", Points.JH_ERROR);
        add(
                http + "Stream",
                JavaVersion.NUMBER < 21 // an HTTP/2 stream gave what had come to the user's own subscriber
                        ? new Target(
                                hooks,
                                true,
                                outer,
                                sendBody,
                                ask,
                                passed(SUBSCRIBER + "onNext", "schedule", "()", Points.JH_RECEIVED),
                                before(SUBSCRIBER + "onComplete", "schedule", "()", Points.JH_COMPLETE),
                                cancelled)
                        : new Target(hooks, true, outer, sendBody, ask, cancelled));
        add(http + "Stream$RequestSubscriber", new Target(hooks, true, outer, sent));
        add(
                http + "frame/OutgoingHeaders",
                new Target(hooks, false, made("(Ljava/net/http/HttpHeaders;", Points.JH_HEADERS2)));
        Target.Point[] body = {
            current,
            enter("onNext", "(Ljava/util/List;)", Points.JH_RECEIVED),
            enter("onComplete", "()", Points.JH_COMPLETE),
            enter("onError", "(", Points.JH_ERROR)
        };
        add(http + "Http1Response$Http1BodySubscriber", new Target(hooks, true, body)); // up to 20
        add(http + "common/HttpBodySubscriberWrapper", new Target(hooks, true, body));
        add(
                http + "ResponseSubscribers$HttpResponseInputStream",
                new Target(hooks, true, current, enter("close", "()V", Points.JH_GIVEN_UP)));
    }
}
