import java.lang.instrument.Instrumentation;

/** What any agent costs: it does nothing. */
public final class EmptyAgent {
    private EmptyAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        // Nothing.
    }
}
