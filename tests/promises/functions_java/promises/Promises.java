package promises;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What users' code sees of its process and does to it. Each answers with what it saw, the same with the layer and without. */
public class Promises implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        String url = (String) event.get("url");
        try {
            return answer((String) event.get("do"), url);
        } catch (IOException | InterruptedException exception) {
            throw new IllegalStateException("could not", exception);
        }
    }

    private static Object answer(String deed, String url) throws IOException, InterruptedException {
        switch (deed) {
            case "goesOn":
                return goesOn(url);
            case "answers":
                return Arrays.asList("gr\u00fc\u00dfe \u20ac \ud83d\ude00", 17, -0.5, null, Collections.singletonMap("a", "b"));
            case "answersMuch":
                char[] many = new char[300_000];
                Arrays.fill(many, '\u00e9');
                return new String(many);
            case "logs":
                System.out.println("one line");
                System.err.println("two\nlines");
                return goesOn(url);
            case "seesItself":
                return seesItself();
            case "throws":
                throw new IllegalArgumentException("no such order: gr\u00fc\u00dfe", new RuntimeException("deeper"));
            case "throwsWhatIsNoError":
                throw new NoClassDefFoundError("no/Such");
            case "failsToCall":
                return call(url);
            case "exits":
                System.exit(3);
                return null;
            case "hasChildren":
                return Arrays.asList(output("sh", "-c", "env | grep -v ^PWD= | grep -v ^AWS_LAMBDA_ | grep -v ^_ | sort"), goesOn(url));
            case "makesManyCalls":
                return makesManyCalls(url);
            case "isInterrupted":
                // Whoever writes by a FileChannel now closes it, and whoever waits swallows the interrupt.
                Thread.currentThread().interrupt();
                Object answered = goesOn(url);
                return Arrays.asList(answered, Thread.interrupted());
            case "patches":
                return patches(url);
            case "emptiesTmp":
                empty(new File("/tmp"));
                return goesOn(url);
            case "fillsTmp":
                fill();
                return goesOn(url);
            case "clearsTmp":
                new File("/tmp/large").delete();
                return goesOn(url);
            default:
                throw new IllegalArgumentException(deed);
        }
    }

    /** status and size */
    private static List<Integer> call(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        return Arrays.asList(connection.getResponseCode(), read(connection.getInputStream()).length);
    }

    private static List<List<Integer>> goesOn(String url) throws IOException {
        return Arrays.asList(call(url), call(url));
    }

    private static byte[] read(InputStream from) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
            bytes.write(piece, 0, count);
        }
        return bytes.toByteArray();
    }

    private static Object seesItself() {
        TreeMap<String, String> environment = new TreeMap<>(System.getenv());
        // Any shell sets PWD and _; the others differ from one environment to the next.
        environment.keySet().removeAll(Arrays.asList("PWD", "_", "AWS_LAMBDA_RUNTIME_API", "_X_AMZN_TRACE_ID", "AWS_LAMBDA_LOG_STREAM_NAME"));
        TreeSet<String> threads = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            threads.add(thread.getName());
        }
        TreeSet<String> properties = new TreeSet<>();
        for (Object name : System.getProperties().keySet()) {
            properties.add(name + "=" + ("java.class.path sun.java.command java.io.tmpdir".contains(name.toString()) ? System.getProperty(name.toString()) : ""));
        }
        return Arrays.asList(
                environment,
                threads,
                properties,
                String.valueOf(Promises.class.getClassLoader()).replaceAll("@[0-9a-f]+", ""),
                Thread.currentThread().getStackTrace().length,
                Arrays.toString(Promises.class.getDeclaredFields()) + Promises.class.getDeclaredMethods().length);
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(read(process.getInputStream()), "UTF-8");
        return output + process.waitFor();
    }

    private static Object makesManyCalls(String url) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(50);
        List<Future<List<Integer>>> futures = new ArrayList<>();
        for (int number = 0; number < 200; number++) {
            futures.add(pool.submit(() -> call(url)));
        }
        TreeSet<String> answers = new TreeSet<>();
        for (Future<List<Integer>> future : futures) {
            try {
                answers.add(future.get().toString());
            } catch (java.util.concurrent.ExecutionException exception) {
                answers.add(exception.toString());
            }
        }
        pool.shutdown();
        return Arrays.asList(futures.size(), answers);
    }

    /** What a process has one of, and what every library reads. */
    private static Object patches(String url) throws IOException {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        PrintStream out = System.out;
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        String folder = System.getProperty("user.dir");
        try {
            Locale.setDefault(new Locale("tr", "TR")); // whose lower case of I has no dot
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            System.setOut(new PrintStream(printed));
            System.setProperty("user.dir", "/nowhere");
            System.setProperty("line.separator", "\r\n");
            Thread.setDefaultUncaughtExceptionHandler((thread, exception) -> System.exit(9));
            return Arrays.asList(goesOn(url), printed.size());
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
            System.setOut(out);
            System.setProperty("user.dir", folder);
            System.setProperty("line.separator", "\n");
            Thread.setDefaultUncaughtExceptionHandler(handler);
        }
    }

    private static void empty(File folder) {
        File[] files = folder.listFiles();
        if (files == null) {
            return;
        }
        for (File file : files) {
            // The developer's checkout, when that lies in /tmp, is bound read-only.
            if (!file.canWrite()) {
                continue;
            }
            if (!java.nio.file.Files.isSymbolicLink(file.toPath())) {
                empty(file);
            }
            file.delete();
        }
    }

    private static void fill() throws IOException {
        try (FileOutputStream file = new FileOutputStream("/tmp/large", true)) {
            for (int size : new int[] {1 << 20, 1 << 12, 1}) {
                byte[] bytes = new byte[size];
                try {
                    while (true) {
                        file.write(bytes);
                    }
                } catch (IOException full) {
                    // For pieces of this size.
                }
            }
        }
    }
}
