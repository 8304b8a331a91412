package aftercall.agent;

/** What hooks of runtime clients tell. They are woven beside the client, which may be in another class loader. */
public final class Boundary {
    private static final ThreadLocal<byte[]> posted = new ThreadLocal<>();
    private static boolean isNamed;

    private Boundary() {}

    /** The client asks for the next event. */
    public static void asked(Object client) {
        if (!isNamed) {
            isNamed = true;
            Package home = client.getClass().getPackage();
            String version = home == null ? null : home.getImplementationVersion();
            String name = "aws-lambda-java-runtime-interface-client";
            Agent.spool.client(version == null ? name : name + ' ' + version);
        }
        Agent.invocations.endUnanswered();
    }

    public static void started(String requestId, long deadline, String arn, String trace, byte[] event) {
        Agent.invocations.started(requestId, deadline, arn, trace, event);
    }

    /** The bytes of an error on their way to the Runtime API; null: not known yet. */
    public static void posts(byte[] error) {
        posted.set(error);
    }

    public static void succeeded(String requestId, byte[] response, Throwable failed) {
        Agent.invocations.succeeded(requestId, response, failed);
    }

    public static void failed(String requestId, Throwable failed) {
        Agent.invocations.failed(requestId, taken(), failed);
    }

    public static void initFailed() {
        Agent.invocations.initFailed(taken());
    }

    private static byte[] taken() {
        byte[] error = posted.get();
        posted.remove();
        return error;
    }

    /** SnapStart: this process is one of several that continue from one snapshot. */
    public static void restored() {
        Clock.reseed();
        Agent.spool.beginProcess();
    }
}
