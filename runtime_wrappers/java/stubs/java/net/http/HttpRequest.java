package java.net.http;

import java.net.URI;
import java.util.Optional;

/** What our hooks read of a class that Java 8 does not have, for the compiler alone. */
public abstract class HttpRequest {
    public abstract Optional<BodyPublisher> bodyPublisher();

    public abstract HttpHeaders headers();

    public abstract String method();

    public abstract URI uri();

    /** The same. */
    public interface BodyPublisher {
        long contentLength();
    }
}
