package java.lang;

/** A request that takes a header from us, where its own method for that cannot be reached. */
public interface AftercallHeaders {
    void aftercall(String name, String value);
}
