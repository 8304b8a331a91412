package aftercall.agent;

import static aftercall.agent.HookTable.CLOSE_READING;
import static aftercall.agent.HookTable.READ;
import static aftercall.agent.HookTable.READ_BYTE;
import static aftercall.agent.HookTable.STREAMS;
import static aftercall.agent.HookTable.WRITE;
import static aftercall.agent.HookTable.WRITE_BYTE;
import static aftercall.agent.Target.around;
import static aftercall.agent.Target.before;
import static aftercall.agent.Target.enter;
import static aftercall.agent.Target.made;

import java.util.Map;

/** The hook points in Apache HttpClient 4 and 5, the classic ones. */
final class ApacheTable {
    private static final String TLS_STRATEGY = "org/apache/hc/client5/http/ssl/TlsSocketStrategy.upgrade";

    private ApacheTable() {}

    static void addTo(Map<String, Target> targets) {
        apache4(targets);
        apache5(targets);
    }

    private static void apache4(Map<String, Target> targets) {
        String hooks = "aftercall.woven.Apache4";
        String http = "org/apache/http/";
        targets.put(
                http + "impl/execchain/MainClientExec",
                new Target(
                        hooks,
                        false,
                        around(
                                "execute",
                                "(Lorg/apache/http/conn/routing/HttpRoute;"
                                        + "Lorg/apache/http/client/methods/HttpRequestWrapper;",
                                Points.APACHE_EXECUTE)));
        targets.put(
                http + "impl/execchain/ConnectionHolder",
                new Target(
                        hooks,
                        true,
                        made("(", Points.APACHE_HOLDER),
                        enter("releaseConnection", "(Z)V", Points.APACHE_RELEASE),
                        enter("abortConnection", "()V", Points.APACHE_RELEASE)));
        targets.put(
                http + "impl/conn/PoolingHttpClientConnectionManager",
                new Target(
                        hooks,
                        false,
                        enter(
                                "requestConnection",
                                "(Lorg/apache/http/conn/routing/HttpRoute;",
                                Points.APACHE_QUEUE)));
        targets.put(
                http + "impl/conn/DefaultHttpClientConnectionOperator",
                new Target(
                        hooks,
                        false,
                        enter(
                                "connect",
                                "(Lorg/apache/http/conn/ManagedHttpClientConnection;Lorg/apache/http/HttpHost;",
                                Points.APACHE_RESOLVE),
                        before("connectSocket", "connect", "(", Points.STAGE_CONNECT)));
        targets.put(
                http + "conn/ssl/SSLConnectionSocketFactory",
                new Target(
                        hooks,
                        false,
                        before("startHandshake", "connectSocket", "(", Points.STAGE_TLS),
                        before("startHandshake", "createLayeredSocket", "(", Points.STAGE_TLS)));
        connection(targets, hooks, http + "impl/", "createOutputStream", "createInputStream");
        streams(targets, http + "impl/io/");
    }

    /** The same in both releases, but for the packages. */
    private static void connection(Map<String, Target> targets, String hooks, String folder, String output, String input) {
        targets.put(
                folder + "BHttpConnectionBase",
                new Target(
                        hooks,
                        false,
                        around(output, "(J", Points.APACHE_STREAM),
                        around(input, "(J", Points.APACHE_STREAM)));
        targets.put(
                folder + "DefaultBHttpClientConnection",
                new Target(
                        hooks,
                        false,
                        enter("sendRequestHeader", "(", Points.APACHE_HEAD),
                        enter("sendRequestEntity", "(", Points.APACHE_ENTITY),
                        around("receiveResponseHeader", "()", Points.APACHE_RECEIVE)));
    }

    private static void streams(Map<String, Target> targets, String folder) {
        for (String framing : new String[] {"ContentLength", "Chunked", "Identity"}) {
            targets.put(folder + framing + "InputStream", new Target(STREAMS, true, READ, READ_BYTE, CLOSE_READING));
            targets.put(folder + framing + "OutputStream", new Target(STREAMS, true, WRITE, WRITE_BYTE));
        }
    }

    private static void apache5(Map<String, Target> targets) {
        String hooks = "aftercall.woven.Apache5";
        String client = "org/apache/hc/client5/http/impl/";
        targets.put(
                client + "classic/ConnectExec",
                new Target(
                        hooks,
                        false,
                        around(
                                "execute",
                                "(Lorg/apache/hc/core5/http/ClassicHttpRequest;"
                                        + "Lorg/apache/hc/client5/http/classic/ExecChain$Scope;",
                                Points.APACHE_EXECUTE)));
        targets.put(
                client + "classic/InternalExecRuntime",
                new Target(
                        hooks,
                        true,
                        enter("acquireEndpoint", "(", Points.APACHE_HOLDER),
                        enter("releaseEndpoint", "()V", Points.APACHE_RELEASE),
                        enter("discardEndpoint", "()V", Points.APACHE_RELEASE)));
        targets.put(
                client + "io/PoolingHttpClientConnectionManager",
                new Target(
                        hooks,
                        false,
                        enter(
                                "lease",
                                "(Ljava/lang/String;Lorg/apache/hc/client5/http/HttpRoute;"
                                        + "Lorg/apache/hc/core5/util/Timeout;",
                                Points.APACHE_QUEUE)));
        targets.put(
                client + "io/DefaultHttpClientConnectionOperator",
                new Target(
                        hooks,
                        false,
                        enter(
                                "connect",
                                "(Lorg/apache/hc/client5/http/io/ManagedHttpClientConnection;"
                                        + "Lorg/apache/hc/core5/http/HttpHost;",
                                Points.APACHE_RESOLVE),
                        before("java/net/Socket.connect", "connect", "(", Points.STAGE_CONNECT),
                        before("connectSocket", "connect", "(", Points.STAGE_CONNECT), // up to 5.3
                        before(TLS_STRATEGY, "connect", "(", Points.STAGE_TLS),
                        before(TLS_STRATEGY, "upgrade", "(", Points.STAGE_TLS)));
        targets.put(
                "org/apache/hc/client5/http/ssl/SSLConnectionSocketFactory",
                new Target(
                        hooks,
                        false,
                        before("startHandshake", "executeHandshake", "(", Points.STAGE_TLS),
                        before("startHandshake", "connectSocket", "(", Points.STAGE_TLS),
                        before("startHandshake", "createLayeredSocket", "(", Points.STAGE_TLS)));
        String core = "org/apache/hc/core5/http/impl/io/";
        connection(targets, hooks, core, "createContentOutputStream", "createContentInputStream");
        streams(targets, core);
    }
}
