import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

public final class Once {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void use(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .POST(BodyPublishers.ofInputStream(() -> new Own()))
                .build();
        CLIENT.send(request, BodyHandlers.ofString());
    }

    private static final class Own extends java.io.ByteArrayInputStream {
        Own() {
            super(new byte[10]);
        }
    }
}
