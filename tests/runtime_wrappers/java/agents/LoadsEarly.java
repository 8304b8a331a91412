import java.lang.instrument.Instrumentation;

/** An agent that needs a class, by name, before the function does. */
public final class LoadsEarly {
    public static void premain(String name, Instrumentation instrumentation) throws ClassNotFoundException {
        Class.forName(name, false, ClassLoader.getSystemClassLoader());
    }
}
