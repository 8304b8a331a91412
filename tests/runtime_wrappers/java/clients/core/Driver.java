import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs a plan of scenarios with one library and writes down what the library's user saw: the Java twin of
 * tests/scenarios/clients/driver.py. The plan is a properties file, `0.request.method=PUT` and the like; results are
 * JSON lines.
 */
public final class Driver {
    private final Properties plan;
    private final String client;

    Driver(Properties plan) {
        this.plan = plan;
        client = plan.getProperty("client");
    }

    public static void main(String[] arguments) throws Exception {
        Properties plan = new Properties();
        try (Reader reader = new InputStreamReader(new FileInputStream(arguments[0]), StandardCharsets.UTF_8)) {
            plan.load(reader);
        }
        Driver driver = new Driver(plan);
        for (int step = 0; plan.getProperty(step + ".scenario") != null; step++) {
            String result = driver.run(step + ".");
            try (Writer out = new PrintWriter(new FileOutputStream(arguments[1], true))) {
                out.write(result + "\n");
            }
        }
        System.exit(0); // libraries keep threads
    }

    String run(String step) throws Exception {
        // For the agent of breakable.py: what it breaks in this step, and what was passed.
        System.setProperty("aftercall.break", plan.getProperty(step + "break", ""));
        System.setProperty("aftercall.passed", "");
        List<String> calls;
        switch (plan.getProperty(step + "verb")) {
            case "threads":
            case "gather":
                calls = threads(step);
                break;
            case "behind":
                calls = behind(step);
                break;
            default:
                calls = inTurn(step);
        }
        return "{\"scenario\":" + quoted(plan.getProperty(step + "scenario")) + ",\"calls\":["
                + String.join(",", calls) + "],\"passed\":" + quoted(System.getProperty("aftercall.passed")) + "}";
    }

    private Session open(String step) throws Exception {
        Settings settings = new Settings(plan, step + "session.");
        return (Session) Class.forName(client).getDeclaredConstructor(Settings.class).newInstance(settings);
    }

    private int count(String step) {
        return Integer.parseInt(plan.getProperty(step + "count", "1"));
    }

    private List<String> inTurn(String step) throws Exception {
        List<String> outcomes = new ArrayList<>();
        try (Session session = open(step)) {
            for (int i = 0; i < count(step); i++) {
                outcomes.add(call(session, step, plan.getProperty(step + "request.url")));
            }
        }
        return outcomes;
    }

    /** At once, with one session for all. */
    private List<String> threads(String step) throws Exception {
        int count = count(step);
        ExecutorService pool = Executors.newFixedThreadPool(count);
        List<Future<String>> futures = new ArrayList<>();
        List<String> outcomes = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(count);
        try (Session session = open(step)) {
            for (int i = 0; i < count; i++) {
                String url = plan.getProperty(step + "request.url") + i;
                futures.add(pool.submit(() -> {
                    start.await();
                    return call(session, step, url);
                }));
            }
            for (Future<String> future : futures) {
                outcomes.add(future.get());
            }
        }
        pool.shutdown();
        return outcomes;
    }

    /** A call that can only wait for the free connection which an earlier call, to `blocker`, holds. */
    private List<String> behind(String step) throws Exception {
        Session session = open(step);
        Callable<String> first = () -> call(session, step, plan.getProperty(step + "blocker"));
        Executors.newSingleThreadExecutor().submit(first);
        File blocked = new File(plan.getProperty(step + "blocked"));
        while (!blocked.exists()) {
            Thread.sleep(10);
        }
        List<String> outcomes = new ArrayList<>();
        outcomes.add(call(session, step, plan.getProperty(step + "request.url")));
        return outcomes;
    }

    private String call(Session session, String step, String url) {
        try {
            Outcome outcome = session.call(new Request(plan, step + "request.", url));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(outcome.body);
            StringBuilder hex = new StringBuilder();
            for (byte b : digest) {
                hex.append(String.format("%02x", b));
            }
            return "{\"status\":" + outcome.status + ",\"bytes\":" + outcome.body.length + ",\"sha256\":\"" + hex
                    + "\"}";
        } catch (Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            return "{\"exception\":" + quoted(thrown.getClass().getName()) + ",\"text\":" + quoted(trace.toString())
                    + "}";
        }
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            json.append(c < ' ' || c == '"' || c == '\\' || c > 126 ? String.format("\\u%04x", (int) c) : "" + c);
        }
        return json.append('"').toString();
    }
}
