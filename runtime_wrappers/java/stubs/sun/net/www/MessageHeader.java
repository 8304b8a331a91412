package sun.net.www;

/** What our hooks read of the JDK's own class, for the compiler alone. */
public class MessageHeader {
    public native String getKey(int n);

    public native String getValue(int n);

    public native String findValue(String key);

    public native void set(String key, String value);
}
