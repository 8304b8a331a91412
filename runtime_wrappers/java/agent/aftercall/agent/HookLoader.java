package aftercall.agent;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings hooks beside the library that they read: a class {@code aftercall.woven.X} is defined by the library's own
 * class loader, one of {@code java.lang} by the boot loader, and the agent's own are there already. Not before the first
 * of them is passed: while a class is woven, no other may be loaded.
 */
final class HookLoader {
    static final String URL_CONNECTION = "java.lang.AftercallUrlConnection";

    private static final String ASYNC = "Async";

    private final Parts parts;
    private final List<Waiting> all = new ArrayList<>();

    HookLoader(Parts parts) {
        this.parts = parts;
    }

    /** What woven code passes for the hooks {@code name} of a library that {@code loader} defines. */
    int numberOf(String name, ClassLoader loader) {
        return waiting(name, loader).number;
    }

    private synchronized Waiting waiting(String name, ClassLoader loader) {
        for (Waiting one : all) {
            if (one.name.equals(name) && one.loader.get() == loader) {
                return one;
            }
        }
        Waiting one = new Waiting(name, loader);
        one.number = AftercallHook.add(one);
        all.add(one);
        return one;
    }

    private AftercallHook load(String name, ClassLoader loader) throws Exception {
        Class<?> found;
        if (name.startsWith("java.lang.")) {
            if (name.equals(URL_CONNECTION)) {
                parts.defineInBootLoader("java.io.AftercallBuffered"); // which it reads
            }
            found = parts.defineInBootLoader(name);
        } else if (name.startsWith("aftercall.woven.")) {
            if (name.endsWith(ASYNC)) {
                // It extends the hooks of the same library's other client.
                waiting(name.substring(0, name.length() - ASYNC.length()), loader).real();
            }
            found = AftercallHook.define(loader, name, parts.bytesOf(name));
        } else {
            found = Class.forName(name);
        }
        return (AftercallHook) found.getDeclaredConstructor().newInstance();
    }

    /** Stands for hooks that were not needed yet; for ever, when they cannot be loaded. */
    private final class Waiting extends AftercallHook {
        final String name;
        final WeakReference<ClassLoader> loader;
        int number;
        private boolean tried;
        private AftercallHook real;

        Waiting(String name, ClassLoader loader) {
            this.name = name;
            this.loader = new WeakReference<>(loader);
        }

        @Override
        public Object before(int point, Object[] arguments) throws Throwable {
            AftercallHook hook = real();
            return hook == null ? null : hook.before(point, arguments);
        }

        private synchronized AftercallHook real() throws Exception {
            if (!tried) {
                tried = true;
                real = load(name, loader.get());
                AftercallHook.replace(this, real);
            }
            return real;
        }

        @Override
        public void after(int point, Object state, Object result, Throwable thrown) {
            // States are the real hooks' own.
        }

        @Override
        public String toString() {
            return "load:" + name;
        }
    }
}
