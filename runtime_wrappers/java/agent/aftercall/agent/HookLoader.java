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

    /** The hooks of each class of hooks: kept by that class itself, and so by its own class loader alone. */
    private static final ClassValue<AftercallHook> INSTANCES = new ClassValue<AftercallHook>() {
        @Override
        protected AftercallHook computeValue(Class<?> type) {
            try {
                return (AftercallHook) type.getDeclaredConstructor().newInstance();
            } catch (ReflectiveOperationException exception) {
                throw new IllegalStateException(exception);
            }
        }
    };

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
        Waiting dead = deadOne();
        if (dead == null) {
            one.number = AftercallHook.add(one);
        } else {
            one.number = dead.number; // nothing is left that passes it
            AftercallHook.replace(dead, one);
            all.remove(dead);
        }
        all.add(one);
        return one;
    }

    private Waiting deadOne() {
        for (Waiting one : all) {
            if (one.isDead()) {
                return one;
            }
        }
        return null;
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
        return INSTANCES.get(found);
    }

    /**
     * Stands for hooks that were not needed yet; for ever, when they cannot be loaded, or belong to a class loader that
     * may die: such hooks are not held from here.
     */
    private final class Waiting extends AftercallHook {
        final String name;
        final WeakReference<ClassLoader> loader;
        int number;
        private final boolean isOfBootLoader;
        private boolean tried;
        private volatile WeakReference<AftercallHook> real;

        Waiting(String name, ClassLoader loader) {
            this.name = name;
            this.loader = new WeakReference<>(loader);
            isOfBootLoader = loader == null;
        }

        boolean isDead() {
            return !isOfBootLoader && loader.get() == null;
        }

        @Override
        public Object before(int point, Object[] arguments) throws Throwable {
            AftercallHook hook = loaded();
            hook = hook == null ? real() : hook;
            return hook == null ? null : hook.before(point, arguments);
        }

        private AftercallHook loaded() {
            WeakReference<AftercallHook> reference = real;
            return reference == null ? null : reference.get();
        }

        private synchronized AftercallHook real() throws Exception {
            if (!tried) {
                tried = true;
                AftercallHook hook = load(name, loader.get());
                real = new WeakReference<>(hook);
                if (hook.getClass().getClassLoader() == null) {
                    AftercallHook.replace(this, hook);
                }
                return hook;
            }
            return loaded();
        }

        @Override
        public void after(int point, Object state, Object result, Throwable thrown) throws Throwable {
            AftercallHook hook = loaded();
            if (hook != null) {
                hook.after(point, state, result, thrown);
            }
        }

        @Override
        public String toString() {
            AftercallHook hook = loaded();
            return hook == null ? "load:" + name : hook.toString();
        }
    }
}
