package aftercall.woven;

import aftercall.agent.Points;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;

/**
 * What Netty does for a call that AwsNetty began: it resolves, connects and shakes hands in threads that serve all calls.
 * Promises carry the call in which they were made: their listeners and tasks run in it, and so find it. A channel
 * carries the call that connects it. Netty without a client whose hooks are known is in no call, and left alone.
 */
public final class Netty extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) {
        switch (point) {
            case Points.NETTY_MADE:
                AftercallCall current = AftercallCall.current();
                if (current != null) {
                    ((AftercallCarrier) arguments[0]).aftercall(current);
                }
                return null;
            case Points.NETTY_IN_PROMISE:
                return within(callOf(arguments[0]));
            case Points.NETTY_ACQUIRE:
                return within(callOf(arguments[1]));
            case Points.NETTY_RESOLVE:
                resolve(callOf(arguments[4]), arguments[2]);
                return null;
            case Points.NETTY_CONNECT:
                connect(callOf(arguments[4]), ((ChannelHandlerContext) arguments[1]).channel());
                return null;
            case Points.NETTY_TLS:
                shakesHands(arguments[0], ((ChannelHandlerContext) arguments[1]).channel());
                return null;
            case Points.NETTY_TLS_DONE:
                return callOf(arguments[0]);
            default:
                return null;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        if (point == Points.NETTY_TLS_DONE) {
            // False: it had succeeded before, or has failed.
            if (!Boolean.FALSE.equals(result) && thrown == null) {
                ((AftercallCall) state).handshakeDone();
            }
        } else {
            AftercallCall.current(((AftercallCall[]) state)[0]);
        }
    }

    private static Object within(AftercallCall call) {
        return call == null ? null : AftercallCall.scope(call);
    }

    private static void resolve(AftercallCall call, Object address) {
        if (call != null && address instanceof InetSocketAddress) {
            InetSocketAddress server = (InetSocketAddress) address;
            call.resolve(server.getHostString(), server.getPort());
        }
    }

    private static void connect(AftercallCall call, Channel channel) {
        ((AftercallCarrier) channel).aftercall(call);
        if (call != null) {
            call.stage("connect");
        }
    }

    /** At once where the channel is connected already, as behind a proxy; else when it is. */
    private static void shakesHands(Object handler, Channel channel) {
        AftercallCall call = callOf(channel);
        if (call != null && channel.isActive()) {
            ((AftercallCarrier) handler).aftercall(call);
            call.handshakeBegins();
        }
    }
}
