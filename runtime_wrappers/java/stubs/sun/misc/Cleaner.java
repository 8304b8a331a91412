package sun.misc;

/** What we use of the JDK's own class, for the compiler alone. */
public final class Cleaner {
    public native void clean();
}
