package aftercall.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** What the JVM runs before the function's main class: puts the parts together, and fails open. */
public final class PreMain {
    /** Before anything is linked that refers to them. */
    private static final String[] BRIDGE = {
        "AftercallCalls", "AftercallCall", "AftercallHook", "AftercallCarrier", "AftercallHeaders", "AftercallSink"
    };

    private PreMain() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        try {
            install(instrumentation);
        } catch (Throwable thrown) {
            NotWatched.say(thrown);
        }
    }

    /** The JVM has put the agent on the class path that programs can read; the class loader has its own copy by now. */
    private static void forget(String jar) {
        String path = System.getProperty("java.class.path");
        if (path != null && path.endsWith(File.pathSeparator + jar)) {
            System.setProperty("java.class.path", path.substring(0, path.length() - jar.length() - 1));
        }
    }

    private static void install(Instrumentation instrumentation) throws Exception {
        File jar = new File(PreMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        forget(jar.getPath());
        Parts parts = new Parts(jar, instrumentation);
        for (String name : BRIDGE) {
            parts.defineInBootLoader("java.lang." + name);
        }
        Agent.start(instrumentation, parts);
    }
}
