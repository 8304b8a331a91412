import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The same, by sendAsync(). */
public final class UseJavaNetHttpAsync extends UseJavaNetHttp {
    public UseJavaNetHttpAsync(Settings settings) {
        super(settings);
    }

    @Override
    <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws Exception {
        return client.sendAsync(request, handler).get();
    }
}
