package aftercall.agent;

import java.util.Set;
import java.util.HashSet;

/** What went wrong inside us: counted for the extension, told to the user where he asked for it. Never throws. */
final class Report {
    private final Spool spool;
    private final boolean debug;
    private final Set<String> named = new HashSet<>();

    Report(Spool spool, boolean debug) {
        this.spool = spool;
        this.debug = debug;
    }

    void fault(String hook, Throwable thrown) {
        try {
            spool.countFault(hook);
            if (debug) {
                StackTraceElement[] trace = thrown.getStackTrace();
                System.err.println("aftercall: " + hook + ": " + thrown + (trace.length > 0 ? " at " + trace[0] : ""));
            }
        } catch (Throwable second) {
            // Out of memory or stack: the counter alone is lost.
        }
    }

    /** One line in the function's log for each class: it is a library that is not watched, and the user may wonder. */
    void tooNew(String name, int version) {
        spool.countFault("weave:" + name);
        boolean first;
        synchronized (named) {
            first = named.add(name);
        }
        if (first) {
            System.err.println("aftercall: " + name.replace('/', '.') + " is of class file version " + version
                    + ", newer than this layer knows: its calls are not watched; update the layer");
        }
    }

    /** The main class of a runtime client is there, long before the classes of it that are hooked. */
    void clientRuns() {
        spool.expectClient();
    }

    void nothingToHook(String name) {
        note(name + " has none of the methods to hook");
        if (HookTable.isOfRuntimeClient(name)) {
            spool.notWatched("the runtime client has none of the methods to hook");
        }
    }

    /** The same for one that was loaded before us. */
    void tooEarly(String name) {
        spool.countFault("loaded:" + name);
        if (HookTable.isOfRuntimeClient(name)) {
            spool.notWatched("the runtime client was loaded before the agent");
        }
        System.err.println("aftercall: " + name + " was loaded before this layer's agent: its calls are not watched;"
                + " another agent, or an archive of classes, has brought it");
    }

    void note(String text) {
        if (debug) {
            System.err.println("aftercall: " + text);
        }
    }
}
