import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

/** How often each method of the user's objects is called. */
final class Counts {
    private static final Map<String, Integer> counts = new TreeMap<>();

    private Counts() {}

    static synchronized void count(String method) {
        counts.merge(method, 1, Integer::sum);
    }

    /** All that `real` does, and every method counted; `failing` is one that throws. */
    static <T> T counted(Class<T> type, T real, String failing) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            count(type.getSimpleName() + "." + method.getName());
            if (method.getName().equals(failing)) {
                throw new Own();
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException exception) {
                throw exception.getCause();
            }
        }));
    }

    static synchronized void tell() {
        System.out.println(counts);
        System.exit(0);
    }

    /** An exception of the user's. */
    static final class Own extends IOException {
        @Override
        public String getMessage() {
            count("Own.getMessage");
            return "own";
        }

        @Override
        public String getLocalizedMessage() {
            count("Own.getLocalizedMessage");
            return "own";
        }

        @Override
        public synchronized Throwable getCause() {
            count("Own.getCause");
            return null;
        }

        @Override
        public String toString() {
            count("Own.toString");
            return "own";
        }
    }
}
