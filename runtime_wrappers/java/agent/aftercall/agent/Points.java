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
    public static final int URL_STREAM = 10;

    public static final int STREAM_READ = 0;
    public static final int STREAM_READ_BYTE = 1;
    public static final int STREAM_CLOSE = 2;
    public static final int STREAM_WRITE = 3;
    public static final int STREAM_WRITE_BYTE = 4;
    public static final int STREAM_WRITE_LAST = 5;

    public static final int APACHE_EXECUTE = 0;
    public static final int APACHE_HOLDER = 1;
    public static final int APACHE_RELEASE = 2;
    public static final int APACHE_QUEUE = 3;
    public static final int APACHE_RESOLVE = 4;
    public static final int APACHE_HEAD = 5;
    public static final int APACHE_ENTITY = 6;
    public static final int APACHE_RECEIVE = 7;
    public static final int APACHE_STREAM = 8;

    public static final int OK_EXECUTE = 0;
    public static final int OK_PLAN = 1;
    public static final int OK_IN_THREAD = 2;
    public static final int OK_STREAM = 3;
    public static final int OK_WRITE = 4;
    public static final int OK_READ = 5;
    public static final int OK_RESOLVE = 6;
    public static final int OK_TUNNEL = 7;
    public static final int OK_CONNECTED = 8;
    public static final int OK_HEAD = 9;
    public static final int OK_RECEIVE = 10;
    public static final int OK_RESPONDED = 11;

    /** The same for every library: the call that runs in this thread has come to a stage. */
    public static final int STAGE_CONNECT = 100;

    public static final int STAGE_TLS = 101;

    private Points() {}
}
