package app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a function can see of the process that it runs in. */
public class Sees implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("environment", new TreeMap<>(System.getenv()));
        seen.put("properties", properties());
        seen.put("threads", threads());
        seen.put("stack", Arrays.toString(Thread.currentThread().getStackTrace()));
        seen.put("loader", getClass().getClassLoader().getClass().getName());
        seen.put("serial", ObjectStreamClass.lookup(Kept.class).getSerialVersionUID());
        seen.put("refused", refused());
        seen.put("shutdown", Runtime.getRuntime().availableProcessors());
        List<String> arguments = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // The one thing that is known to differ.
        arguments.removeIf(argument -> argument.endsWith("/aftercall.jar"));
        seen.put("arguments", arguments);
        return seen;
    }

    private static Map<Object, Object> properties() {
        Map<Object, Object> all = new TreeMap<>(System.getProperties());
        all.remove("com.amazonaws.xray.traceHeader"); // the invocation's own
        return all;
    }

    private static TreeSet<String> threads() {
        TreeSet<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            names.add(thread.getName());
        }
        return names;
    }

    /** An exception that crosses hooked methods, with all its frames. */
    private static String refused() {
        try {
            ((HttpURLConnection) new URL("http://127.0.0.1:1/").openConnection()).getResponseCode();
            return "answered";
        } catch (Exception exception) {
            return exception + Arrays.toString(exception.getStackTrace());
        }
    }

    /** Without a serialVersionUID of its own. */
    static final class Kept implements Serializable {
        private int value;

        int value() {
            return value;
        }
    }
}
