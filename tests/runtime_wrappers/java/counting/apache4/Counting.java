import org.apache.http.HttpEntity;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

public final class Counting {
    public static void main(String[] arguments) throws Exception {
        CloseableHttpClient client = HttpClients.createDefault();
        HttpEntity[] bodies = {
            new ByteArrayEntity(new byte[10]),
            new ByteArrayEntity(new byte[100_000]),
            new InputStreamEntity(new java.io.ByteArrayInputStream(new byte[10])),
            new ByteArrayEntity(new byte[11]),
        };
        for (HttpEntity body : bodies) {
            HttpPost post = new HttpPost(arguments[0]);
            post.setEntity(Counts.counted(HttpEntity.class, body, body.getContentLength() == 11 ? "writeTo" : ""));
            try {
                System.out.println(EntityUtils.toString(client.execute(post).getEntity()));
            } catch (Counts.Own own) {
                System.out.println("own");
            }
        }
        Counts.tell();
    }
}
