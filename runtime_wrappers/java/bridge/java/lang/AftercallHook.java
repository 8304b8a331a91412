package java.lang;

/**
 * Where woven code leaves its class: the one name of ours that every class loader and every module resolves, since
 * all of them ask the boot loader for java.lang. Nothing that goes wrong here reaches the woven method.
 *
 * <p>A subclass is the hooks of one library in one class loader; the agent makes it when one of them is first passed.
 */
public abstract class AftercallHook {
    private static volatile AftercallHook[] all = new AftercallHook[0];

    /** Woven before the first instruction: {@code arguments} are the receiver (of instance methods) and the arguments. */
    public static Object enter(int hook, int point, Object[] arguments) {
        try {
            return all[hook].before(point, arguments);
        } catch (Throwable thrown) {
            fault(hook, point, thrown);
            return null;
        }
    }

    /** Woven where a constructor returns: the same, in a call alone. */
    public static Object made(Object self, int hook, int point) {
        return isInCall() ? enter(hook, point, new Object[] {self}) : null;
    }

    /** The same before the first instruction, for what carries a call alone. */
    public static Object carried(Object first, int hook, int point) {
        return first instanceof AftercallCarrier && ((AftercallCarrier) first).aftercall() != null
                ? enter(hook, point, new Object[] {first})
                : null;
    }

    private static boolean isInCall() {
        try {
            return AftercallCall.current() != null;
        } catch (Throwable thrown) {
            return false; // out of stack or memory
        }
    }

    /** Woven before the first instruction too: the hook's own, or the last argument as it was. */
    public static Object replacement(int hook, int point, Object[] arguments) {
        Object replaced = enter(hook, point, arguments);
        return replaced == null ? arguments[arguments.length - 1] : replaced;
    }

    /** Woven before another method is called with {@code argument} as its last. */
    public static void passed(Object argument, Object self, int hook, int point) {
        enter(hook, point, new Object[] {self, argument});
    }

    /** Woven before each return; {@code state} is what {@link #enter} gave, null when nobody asks for the end. */
    public static void returned(Object result, Object state, int hook, int point) {
        if (state == null) {
            return;
        }
        try {
            all[hook].after(point, state, result, null);
        } catch (Throwable thrown) {
            fault(hook, point, thrown);
        }
    }

    /** Woven around the whole method; the exception goes on as it came. */
    public static void threw(Throwable exception, Object state, int hook, int point) {
        if (state == null) {
            return;
        }
        try {
            all[hook].after(point, state, null, exception);
        } catch (Throwable thrown) {
            fault(hook, point, thrown);
        }
    }

    /** The call that an object was given; null: it has none, or is not one that can have one. */
    protected static AftercallCall callOf(Object carrier) {
        return carrier instanceof AftercallCarrier ? (AftercallCall) ((AftercallCarrier) carrier).aftercall() : null;
    }

    /** Let it carry this one, if it can. */
    protected static void carry(Object carrier, AftercallCall call) {
        if (carrier instanceof AftercallCarrier) {
            ((AftercallCarrier) carrier).aftercall(call);
        }
    }

    private static void fault(int hook, int point, Throwable thrown) {
        // A thread that is stopped (Thread.stop, before Java 20) stays stopped.
        if (thrown instanceof ThreadDeath) {
            throw (ThreadDeath) thrown;
        }
        try {
            AftercallCall.calls.fault(all[hook] + ":" + point, thrown);
        } catch (Throwable second) {
            // Out of stack or memory: there is nobody left to tell.
        }
    }

    /** Take up a library's hooks; the number is what its woven code passes. */
    public static synchronized int add(AftercallHook hook) {
        AftercallHook[] more = java.util.Arrays.copyOf(all, all.length + 1);
        more[all.length] = hook;
        all = more;
        return more.length - 1;
    }

    /** The real hooks in place of those that were waiting to be used. */
    public static synchronized void replace(AftercallHook waiting, AftercallHook real) {
        AftercallHook[] same = all.clone();
        for (int i = 0; i < same.length; i++) {
            if (same[i] == waiting) {
                same[i] = real;
            }
        }
        all = same;
    }

    /** Define a class of ours beside the library that it reads. */
    public static Class<?> define(ClassLoader loader, String name, byte[] bytes) {
        return loader.defineClass(name, bytes, 0, bytes.length, null);
    }

    /** Before the method: what is returned is passed to {@link #after}; null: do not call it. */
    public abstract Object before(int point, Object[] arguments) throws Throwable;

    /** After the method, by one of {@code result} (boxed) and {@code thrown}. */
    public abstract void after(int point, Object state, Object result, Throwable thrown) throws Throwable;

    /** The name that its faults are counted under. */
    @Override
    public String toString() {
        String name = getClass().getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
