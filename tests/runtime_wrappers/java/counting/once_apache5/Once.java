import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;

public final class Once {
    public static void use(String url) throws Exception {
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            client.execute(new HttpGet(url), response -> EntityUtils.toString(response.getEntity()));
        }
    }
}
