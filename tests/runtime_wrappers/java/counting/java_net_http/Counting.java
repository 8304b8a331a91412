import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

public final class Counting {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        BodyPublisher[] bodies = {
            BodyPublishers.ofByteArray(new byte[10]),
            BodyPublishers.ofByteArray(new byte[100_000]),
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[10])),
        };
        for (BodyPublisher body : bodies) {
            send(client, arguments[0], Counts.counted(BodyPublisher.class, body, ""));
        }
        Counts.tell();
    }

    private static void send(HttpClient client, String url, BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).POST(body).build();
        System.out.println(client.send(request, BodyHandlers.ofString()).body());
    }
}
