import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The JDK's own client: reads an order, and tells that it was shipped. */
public class Shop {
    public String handle(Map<String, Object> event) throws IOException {
        String api = System.getenv("API");
        String order = read(open(api + "/orders/" + event.get("order")));
        HttpURLConnection hook = open(api + "/hooks/shipped");
        hook.setRequestMethod("POST");
        hook.setDoOutput(true);
        try (OutputStream body = hook.getOutputStream()) {
            body.write(order.getBytes(StandardCharsets.UTF_8));
        }
        return read(hook);
    }

    private static HttpURLConnection open(String url) throws IOException {
        return (HttpURLConnection) new URL(url).openConnection();
    }

    private static String read(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getInputStream()) {
            byte[] bytes = new byte[10_000];
            int length = 0;
            for (int count = body.read(bytes); count >= 0; count = body.read(bytes, length, bytes.length - length)) {
                length += count;
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }
}
