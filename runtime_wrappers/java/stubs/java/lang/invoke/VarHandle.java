package java.lang.invoke;

/** What we use of the JDK's own class, for the compiler alone. */
public abstract class VarHandle {
    public static native void acquireFence();

    public static native void releaseFence();
}
