import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Calls `url` `calls` times with one of the JDK's clients, over a connection that is kept. */
public class BenchApp {
    private static HttpClient client;

    public String handle(Map<String, Object> event) throws Exception {
        int calls = event.get("calls") == null ? 0 : ((Number) event.get("calls")).intValue();
        String url = (String) event.get("url");
        for (int i = 0; i < calls; i++) {
            if (event.get("library").equals("HttpURLConnection")) {
                urlConnection(url);
            } else {
                httpClient(url);
            }
        }
        return "done";
    }

    private static void urlConnection(String url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        try (InputStream body = connection.getInputStream()) {
            byte[] piece = new byte[8192];
            while (body.read(piece) >= 0) {
                // As far as its end.
            }
        }
    }

    private static void httpClient(String url) throws Exception {
        if (client == null) {
            client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        }
        client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
