package sun.net.www.http;

import java.io.InputStream;

/** What our hooks read of the JDK's own class, for the compiler alone. */
public class HttpClient {
    public native InputStream getInputStream();

    public native String getProxyHostUsed();

    public native int getProxyPortUsed();
}
