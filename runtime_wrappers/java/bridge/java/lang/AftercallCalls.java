package java.lang;

/** Makes calls, and knows the one that each thread is in. */
public interface AftercallCalls {
    AftercallCall begin(String library, String method, String url, String host, int port, String proxy);

    AftercallCall current();

    /** Null: the thread is in none. Returns the one before. */
    AftercallCall current(AftercallCall call);

    /** A hook failed open. */
    void fault(String hook, Throwable thrown);
}
