package aftercall.agent;

/** The numbers of hook points, within each library's hooks. The compiler puts them where they are used. */
public final class Points {
    public static final int RUNTIME_NEXT = 0;
    public static final int RUNTIME_RESPONSE = 1;
    public static final int RUNTIME_ERROR = 2;
    public static final int RUNTIME_INIT_ERROR = 3;
    public static final int RUNTIME_POST = 4;
    public static final int RUNTIME_RESTORE = 5;

    public static final int URL_CONNECT = 0;
    public static final int URL_BEGIN = 1;
    public static final int URL_EXCHANGE = 2;
    public static final int URL_OUTPUT = 3;
    public static final int URL_WRITE = 4;
    public static final int URL_TUNNEL = 5;
    public static final int URL_DISCONNECT = 6;
    public static final int URL_SEND = 7;
    public static final int URL_PARSE = 8;
    public static final int URL_RESOLVE = 9;
    public static final int URL_INPUT = 10;
    public static final int URL_READ = 11;
    public static final int URL_CLOSE = 12;
    public static final int URL_STREAMING = 13;
    public static final int URL_STREAMED_BYTE = 14;
    public static final int URL_STREAMED = 15;

    /** The same for every library: the call that runs in this thread has come to a stage. */
    public static final int STAGE_CONNECT = 100;

    public static final int STAGE_TLS = 101;

    private Points() {}
}
