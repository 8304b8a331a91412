import java.io.Closeable;

/** One library's client, as a user would keep it. Made by a class {@code Use...} with a constructor of Settings. */
interface Session extends Closeable {
    /** The status and the body as far as it was read; or what the library throws. */
    Outcome call(Request request) throws Throwable;
}
