package aftercall.agent;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.zip.ZipFile;

/**
 * The classes in our jar that are not for the system class loader, as entries {@code parts/NAME.bin}.
 *
 * <p>Those of java.lang go into the boot loader without a jar on its class path (which would cost the JVM its archive of
 * shared classes, and a warning): by Unsafe on Java 8, later by a Lookup on java.lang. That package is opened for this
 * to a module of our own, that of {@link Door}'s loader: opened to the system loader's it would be open to the function.
 */
final class Parts {
    private final File jar;
    private final BootDefiner boot;

    Parts(File jar, Instrumentation instrumentation) throws Exception {
        this.jar = jar;
        if (System.getProperty("java.specification.version").startsWith("1.")) {
            boot = new BootDefiner8();
        } else {
            Class<?> door = new Door().define("aftercall.agent.BootDefiner9", bytesOf("aftercall.agent.BootDefiner9"));
            boot = (BootDefiner) door.getConstructor(Instrumentation.class).newInstance(instrumentation);
        }
    }

    /** A class of ours that belongs to a library. */
    byte[] bytesOf(String name) throws IOException {
        try (ZipFile zip = new ZipFile(jar);
                InputStream part = zip.getInputStream(zip.getEntry("parts/" + name + ".bin"))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
            byte[] piece = new byte[8192];
            for (int count = part.read(piece); count >= 0; count = part.read(piece)) {
                bytes.write(piece, 0, count);
            }
            return bytes.toByteArray();
        }
    }

    Class<?> defineInBootLoader(String name) throws Exception {
        return boot.define(name, bytesOf(name));
    }

    /** A class loader for one class, so that it has a module of its own. */
    private static final class Door extends ClassLoader {
        Door() {
            super(Parts.class.getClassLoader());
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
