package aftercall.agent;

import static aftercall.agent.Target.around;
import static aftercall.agent.Target.enter;
import static aftercall.agent.Target.made;

import java.util.Map;

/** The hook points in the AWS SDK v2's Netty client, and in Netty itself. */
final class NettyTable {
    private static final String CLIENT = "software/amazon/awssdk/http/nio/netty/internal/";

    private NettyTable() {}

    static void addTo(Map<String, Target> targets) {
        netty(targets);
        awsNetty(targets);
    }

    private static void netty(Map<String, Target> targets) {
        String hooks = "aftercall.woven.Netty";
        String promise = "(Lio/netty/util/concurrent/Promise;)";
        String context = "(Lio/netty/channel/ChannelHandlerContext;";
        targets.put(
                "io/netty/util/concurrent/DefaultPromise",
                new Target(
                        hooks,
                        true,
                        made("(", Points.NETTY_MADE).alone(),
                        around("notifyListener0", "(Lio/netty/util/concurrent/Future;", Points.NETTY_IN_PROMISE)
                                .alone()));
        targets.put(
                "io/netty/util/concurrent/PromiseTask",
                new Target(hooks, false, around("run", "()V", Points.NETTY_IN_PROMISE).alone()));
        targets.put(
                "io/netty/channel/pool/SimpleChannelPool",
                new Target(hooks, false, around("acquire", promise, Points.NETTY_ACQUIRE)));
        targets.put(
                CLIENT + "utils/BetterFixedChannelPool",
                new Target(hooks, false, around("acquire0", promise, Points.NETTY_ACQUIRE)));
        targets.put(
                "io/netty/bootstrap/Bootstrap",
                new Target(
                        hooks,
                        false,
                        enter("doResolveAndConnect0", "(Lio/netty/channel/Channel;", Points.NETTY_RESOLVE)));
        targets.put("io/netty/channel/AbstractChannel", new Target(hooks, true));
        targets.put(
                "io/netty/channel/DefaultChannelPipeline$HeadContext",
                new Target(hooks, false, enter("connect", context, Points.NETTY_CONNECT)));
        targets.put(
                "io/netty/handler/ssl/SslHandler",
                new Target(
                        hooks,
                        true,
                        enter("channelActive", context, Points.NETTY_TLS),
                        enter("handlerAdded", context, Points.NETTY_TLS),
                        around("setHandshakeSuccess", "()", Points.NETTY_TLS_DONE)));
    }

    private static void awsNetty(Map<String, Target> targets) {
        String hooks = "aftercall.woven.AwsNetty";
        String executor = CLIENT + "NettyRequestExecutor";
        String publisher = CLIENT + "ResponseHandler$PublisherAdapter";
        Target.Point outer = made("(", Points.AWS_NETTY_TAKES_OUTER);
        targets.put(CLIENT + "RequestContext", new Target(hooks, true));
        targets.put(
                executor,
                new Target(
                        hooks,
                        true,
                        made("(", Points.AWS_NETTY_MADE),
                        around("execute", "()", Points.AWS_NETTY_EXECUTE),
                        around("makeRequestListener", "(", Points.AWS_NETTY_ACQUIRED),
                        around("writeRequest", "(", Points.AWS_NETTY_WRITE),
                        enter(
                                "lambda$writeRequest$*",
                                "(Lio/netty/util/concurrent/Future;)",
                                Points.AWS_NETTY_WRITTEN)));
        targets.put(executor + "$StreamedRequest", new Target(hooks, true, outer));
        targets.put(
                executor + "$StreamedRequest$1",
                new Target(hooks, true, outer, enter("onNext", "(Ljava/nio/ByteBuffer;)", Points.AWS_NETTY_SENT)));
        targets.put(
                CLIENT + "utils/BetterFixedChannelPool$AcquireTask",
                new Target(hooks, false, made("(", Points.AWS_NETTY_QUEUE)));
        targets.put(
                CLIENT + "ProxyTunnelInitHandler",
                new Target(
                        hooks,
                        false,
                        enter("handlerAdded", "(Lio/netty/channel/ChannelHandlerContext;)", Points.AWS_NETTY_TUNNEL)));
        targets.put(
                CLIENT + "ResponseHandler",
                new Target(
                        hooks,
                        false,
                        enter(
                                "channelRead0",
                                "(Lio/netty/channel/ChannelHandlerContext;Lio/netty/handler/codec/http/HttpObject;)",
                                Points.AWS_NETTY_RESPONSE)));
        targets.put(publisher, new Target(hooks, true, outer));
        targets.put(
                publisher + "$1",
                new Target(
                        hooks,
                        true,
                        outer,
                        enter("onNext", "(Lio/netty/handler/codec/http/HttpContent;)", Points.AWS_NETTY_RECEIVED)));
    }
}
