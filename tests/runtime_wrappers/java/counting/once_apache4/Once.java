import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

public final class Once {
    public static void use(String url) throws Exception {
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            EntityUtils.toString(client.execute(new HttpGet(url)).getEntity());
        }
    }
}
