package java.net.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What our hooks read of a class that Java 8 does not have, for the compiler alone. */
public final class HttpHeaders {
    public native Map<String, List<String>> map();

    public native Optional<String> firstValue(String name);
}
