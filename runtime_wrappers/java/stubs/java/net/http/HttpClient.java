package java.net.http;

/** What our hooks read of a class that Java 8 does not have, for the compiler alone. */
public abstract class HttpClient {
    /** The same. */
    public enum Version {
        HTTP_1_1,
        HTTP_2
    }
}
