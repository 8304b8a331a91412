package java.lang;

import java.io.DataInputStream;
import java.io.IOException;

/** Brings classes of ours into the boot loader, from where it may use the JDK's own way. It stands in java.lang for that. */
public final class AftercallDefiner {
    private static final boolean IS_BEFORE_9 = System.getProperty("java.specification.version").startsWith("1.");

    private AftercallDefiner() {}

    /** Each as its size and its bytes, the ones that others extend before those; a size of 0 ends them. */
    public static void defineAll(DataInputStream classes) throws IOException {
        for (int size = classes.readInt(); size > 0; size = classes.readInt()) {
            byte[] bytes = new byte[size];
            classes.readFully(bytes);
            define(bytes);
        }
    }

    public static Class<?> define(byte[] bytes) {
        return IS_BEFORE_9
                ? sun.misc.Unsafe.getUnsafe().defineClass(null, bytes, 0, bytes.length, null, null)
                : jdk.internal.misc.Unsafe.getUnsafe().defineClass(null, bytes, 0, bytes.length, null, null);
    }
}
