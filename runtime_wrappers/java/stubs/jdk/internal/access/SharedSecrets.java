package jdk.internal.access;

/** What we use of the JDK's own class, for the compiler alone. */
public class SharedSecrets {
    public static native JavaNioAccess getJavaNioAccess();
}
