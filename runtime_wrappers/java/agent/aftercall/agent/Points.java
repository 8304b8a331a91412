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
    public static final int STREAM_CLOSE_READING = 6;
    public static final int STREAM_WRAPS = 7;

    public static final int APACHE_EXECUTE = 0;
    public static final int APACHE_HOLDER = 1;
    public static final int APACHE_RELEASE = 2;
    public static final int APACHE_QUEUE = 3;
    public static final int APACHE_RESOLVE = 4;
    public static final int APACHE_HEAD = 5;
    public static final int APACHE_ENTITY = 6;
    public static final int APACHE_RECEIVE = 7;
    public static final int APACHE_STREAM = 8;

    public static final int ASYNC_EXECUTE = 0;
    public static final int ASYNC_MAIN = 1;
    public static final int ASYNC_MAIN2 = 2;
    public static final int ASYNC_TAKES_CURRENT = 3;
    public static final int ASYNC_IN_CALL = 4;
    public static final int ASYNC_QUEUE = 5;
    public static final int ASYNC_QUEUE2 = 6;
    public static final int ASYNC_RESOLVE = 7;
    public static final int ASYNC_TUNNEL = 8;
    public static final int ASYNC_HEAD = 9;
    public static final int ASYNC_HEAD2 = 10;
    public static final int ASYNC_PRODUCE = 11;
    public static final int ASYNC_SENT = 12;
    public static final int ASYNC_ALL_SENT = 13;
    public static final int ASYNC_RESPONSE = 14;
    public static final int ASYNC_REFUSED = 15;
    public static final int ASYNC_RECEIVED = 16;
    public static final int ASYNC_COMPLETE = 17;
    public static final int ASYNC_FAILED = 18;
    public static final int ASYNC_CANCELLED = 19;
    public static final int ASYNC_TLS_DONE = 20;
    public static final int ASYNC_ROUTE = 21;
    public static final int ASYNC_REQUEST = 22;
    public static final int ASYNC_CONNECTION = 23;
    public static final int ASYNC_GENERATE = 24;
    public static final int ASYNC_CONSUME = 25;
    public static final int ASYNC_SENT_FILE = 26;
    public static final int ASYNC_RECEIVED_FILE = 27;

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

    public static final int JH_MADE = 0;
    public static final int JH_EXCHANGE = 1;
    public static final int JH_IN_CALL = 2;
    public static final int JH_TAKES_CURRENT = 3;
    public static final int JH_TAKES_OUTER = 4;
    public static final int JH_RESPONSE = 5;
    public static final int JH_CONNECTION = 6;
    public static final int JH_RESOLVE = 7;
    public static final int JH_TLS = 8;
    public static final int JH_TLS_DONE = 9;
    public static final int JH_SEND_BODY = 10;
    public static final int JH_ASK = 11;
    public static final int JH_SENT = 12;
    public static final int JH_RECEIVED = 13;
    public static final int JH_COMPLETE = 14;
    public static final int JH_ERROR = 15;
    public static final int JH_GIVEN_UP = 16;
    public static final int JH_HEADERS = 17;
    public static final int JH_HEADERS2 = 18;
    public static final int JH_CANCEL = 19;

    public static final int NETTY_MADE = 0;
    public static final int NETTY_IN_PROMISE = 1;
    public static final int NETTY_ACQUIRE = 2;
    public static final int NETTY_RESOLVE = 3;
    public static final int NETTY_CONNECT = 4;
    public static final int NETTY_TLS = 5;
    public static final int NETTY_TLS_DONE = 6;

    public static final int AWS_NETTY_MADE = 0;
    public static final int AWS_NETTY_EXECUTE = 1;
    public static final int AWS_NETTY_QUEUE = 2;
    public static final int AWS_NETTY_TUNNEL = 3;
    public static final int AWS_NETTY_ACQUIRED = 4;
    public static final int AWS_NETTY_WRITE = 5;
    public static final int AWS_NETTY_WRITTEN = 6;
    public static final int AWS_NETTY_TAKES_OUTER = 7;
    public static final int AWS_NETTY_SENT = 8;
    public static final int AWS_NETTY_RESPONSE = 9;
    public static final int AWS_NETTY_RECEIVED = 10;

    /** The same for every library: the call that runs in this thread has come to a stage. */
    public static final int STAGE_CONNECT = 100;

    public static final int STAGE_TLS = 101;

    private Points() {}
}
