package aftercall.start;

import aftercall.agent.Agent;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What the JVM runs before the function's main class: brings the agent into the boot loader, and fails open.
 *
 * <p>All of it stands there, and not in the system class loader, since every class loader and module must find what is
 * woven in, and since the JVM takes a class from there as it is: to verify ASM would take longer than all else. It
 * comes without a jar on the boot loader's path (which would cost the JVM its archive of shared classes, and a warning):
 * one class in java.lang by Unsafe on Java 8, later by a Lookup; that one defines the rest. The package is opened for
 * this to a module of our own, that of {@link Door}'s loader: opened to the system loader's it would be open to the
 * function.
 */
public final class PreMain {
    private static final String FIRST = "java.lang.AftercallDefiner";

    private PreMain() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        try {
            install(instrumentation);
        } catch (Throwable thrown) {
            NotWatched.say(thrown);
        }
    }

    private static void install(Instrumentation instrumentation) throws Exception {
        File jar = new File(PreMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        forget(jar.getPath());
        try (ZipFile zip = new ZipFile(jar)) {
            definer(instrumentation, zip).define(FIRST, part(zip, FIRST));
            try (InputStream boot = zip.getInputStream(zip.getEntry("boot.bin"))) {
                AftercallDefiner.defineAll(new DataInputStream(boot));
            }
        }
        Agent.start(instrumentation, jar);
    }

    /** The JVM has put the agent on the class path that programs can read; the class loader has its own copy by now. */
    private static void forget(String jar) {
        String path = System.getProperty("java.class.path");
        if (path != null && path.endsWith(File.pathSeparator + jar)) {
            System.setProperty("java.class.path", path.substring(0, path.length() - jar.length() - 1));
        }
    }

    private static BootDefiner definer(Instrumentation instrumentation, ZipFile zip) throws Exception {
        if (System.getProperty("java.specification.version").startsWith("1.")) {
            return new BootDefiner8();
        }
        String name = "aftercall.start.BootDefiner9";
        Class<?> definer = new Door().define(name, part(zip, name));
        return (BootDefiner) definer.getConstructor(Instrumentation.class).newInstance(instrumentation);
    }

    private static byte[] part(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry("parts/" + name + ".bin");
        byte[] bytes = new byte[(int) entry.getSize()];
        try (DataInputStream content = new DataInputStream(zip.getInputStream(entry))) {
            content.readFully(bytes);
        }
        return bytes;
    }

    /** A class loader for one class, so that it has a module of its own. */
    private static final class Door extends ClassLoader {
        Door() {
            super(PreMain.class.getClassLoader());
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
