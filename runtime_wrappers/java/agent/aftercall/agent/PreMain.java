package aftercall.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** What the JVM runs before the function's main class: puts the parts together, and fails open. */
public final class PreMain {
    /** Before anything is linked that refers to them. */
    private static final String[] BRIDGE = {
        "AftercallCalls", "AftercallCall", "AftercallHook", "AftercallCarrier", "AftercallSink"
    };

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
        Parts parts = new Parts(jar, instrumentation);
        for (String name : BRIDGE) {
            parts.defineInBootLoader("java.lang." + name);
        }
        Agent.start(instrumentation, parts);
    }
}
