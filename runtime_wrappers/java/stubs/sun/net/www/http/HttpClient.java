package sun.net.www.http;

/** What our hooks read of the JDK's own class, for the compiler alone. */
public class HttpClient {
    public native String getProxyHostUsed();

    public native int getProxyPortUsed();
}
