package app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

/** Handlers of every kind. An event with "fail" is answered by an exception, one with "get" calls that URL. */
public class App implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        return answer(event);
    }

    private static Object answer(Map<String, Object> event) {
        if (event.get("fail") != null) {
            throw new IllegalStateException("no \u20ac", new RuntimeException((String) event.get("fail")));
        }
        if (event.get("get") != null) {
            try {
                return get((String) event.get("get"));
            } catch (IOException exception) {
                throw new IllegalStateException("could not get", exception);
            }
        }
        return event;
    }

    private static String get(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        return new String(read(connection.getInputStream()), "UTF-8");
    }

    private static byte[] read(InputStream from) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
            bytes.write(piece, 0, count);
        }
        return bytes.toByteArray();
    }

    /** `app.App::pojo`. */
    public Object pojo(Map<String, Object> event) {
        return answer(event);
    }

    /** `app.App$Stream`: the event's bytes as they came. */
    public static class Stream implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            byte[] event = read(input);
            if (new String(event, "UTF-8").contains("\"fail\"")) {
                throw new IOException("no stream");
            }
            output.write(event);
        }
    }

    /** `app.App$Broken`: cannot be made. */
    public static class Broken implements RequestHandler<Object, Object> {
        static {
            if (true) {
                throw new IllegalStateException("broken at init");
            }
        }

        @Override
        public Object handleRequest(Object event, Context context) {
            return event;
        }
    }
}
