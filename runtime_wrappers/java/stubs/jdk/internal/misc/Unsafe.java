package jdk.internal.misc;

import java.nio.ByteBuffer;
import java.security.ProtectionDomain;

/** What we use of the JDK's own class, for the compiler alone. */
public final class Unsafe {
    public static native Unsafe getUnsafe();

    public native Class<?> defineClass(
            String name, byte[] bytes, int offset, int length, ClassLoader loader, ProtectionDomain domain);

    public native void invokeCleaner(ByteBuffer direct);
}
