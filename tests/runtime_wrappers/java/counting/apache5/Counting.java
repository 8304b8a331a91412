import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;

public final class Counting {
    public static void main(String[] arguments) throws Exception {
        CloseableHttpClient client = HttpClients.createDefault();
        ContentType type = ContentType.APPLICATION_OCTET_STREAM;
        HttpEntity[] bodies = {
            new ByteArrayEntity(new byte[10], type),
            new ByteArrayEntity(new byte[100_000], type),
            new InputStreamEntity(new java.io.ByteArrayInputStream(new byte[10]), type),
            new ByteArrayEntity(new byte[11], type),
        };
        for (HttpEntity body : bodies) {
            HttpPost post = new HttpPost(arguments[0]);
            post.setEntity(Counts.counted(HttpEntity.class, body, body.getContentLength() == 11 ? "writeTo" : ""));
            try {
                String answer = client.execute(post, response -> EntityUtils.toString(response.getEntity()));
                System.out.println(answer);
            } catch (Counts.Own own) {
                System.out.println("own");
            }
        }
        CloseableHttpAsyncClient async = HttpAsyncClients.createDefault();
        async.start();
        for (int length : new int[] {10, 100_000}) {
            AsyncEntityProducer producer = new BasicAsyncEntityProducer(new byte[length], type);
            AsyncRequestBuilder request = AsyncRequestBuilder.post(arguments[0])
                    .setEntity(Counts.counted(AsyncEntityProducer.class, producer, ""));
            System.out.println(async.execute(request.build(), SimpleResponseConsumer.create(), null).get().getBodyText());
        }
        Counts.tell();
    }
}
