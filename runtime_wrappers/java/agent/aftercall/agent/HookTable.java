package aftercall.agent;

import static aftercall.agent.Target.around;
import static aftercall.agent.Target.before;
import static aftercall.agent.Target.enter;
import static aftercall.agent.Target.made;

import java.util.HashMap;
import java.util.Map;

/** Every hook point there is. A class or method that is missing is none: libraries differ from release to release. */
final class HookTable {
    private static final String RUNTIME_API = "com/amazonaws/services/lambda/runtime/api/client/runtimeapi/";
    private static final String FIRST_IMAGES = "lambdainternal/runtimeapi/";

    private final Map<String, Target> targets = new HashMap<>();

    private HookTable() {}

    /** By the class's internal name. */
    static Map<String, Target> targets() {
        HookTable table = new HookTable();
        table.runtimeClients();
        table.urlConnection();
        return table.targets;
    }

    private void add(String name, Target target) {
        targets.put(name, target);
    }

    /** Its releases from 2.4 on, those before, and the copies of the latter in the first managed images. */
    private void runtimeClients() {
        add(RUNTIME_API + "LambdaRuntimeApiClientImpl", apiClient("aftercall.woven.RuntimeClient"));
        add(RUNTIME_API + "LambdaRuntimeClient", client("aftercall.woven.RuntimeClientBefore24"));
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
        String hooks = "java.lang.AftercallUrlConnection";
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
                        before("connect", "doConnect", "(Ljava/lang/String;I)", Points.STAGE_CONNECT)));
        add(
                "sun/net/www/protocol/https/HttpsClient",
                new Target(hooks, false, before("startHandshake", "afterConnect", "()V", Points.STAGE_TLS)));
        add(
                "sun/net/www/protocol/http/HttpURLConnection$HttpInputStream",
                new Target(
                        hooks,
                        true,
                        made("(", Points.URL_INPUT),
                        around("read", "([BII)I", Points.URL_READ),
                        around("close", "()V", Points.URL_CLOSE)));
        add(
                "sun/net/www/protocol/http/HttpURLConnection$StreamingOutputStream",
                new Target(hooks, true, made("(", Points.URL_STREAMING),
                        enter("write", "(I)V", Points.URL_STREAMED_BYTE),
                        enter("write", "([BII)V", Points.URL_STREAMED)));
    }
}
