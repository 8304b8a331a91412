import org.apache.http.HttpEntity;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.util.EntityUtils;

public final class Counting {
    public static void main(String[] arguments) throws Exception {
        CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();
        client.start();
        for (int length : new int[] {10, 100_000}) {
            HttpPost post = new HttpPost(arguments[0]);
            post.setEntity(Counts.counted(HttpEntity.class, new ByteArrayEntity(new byte[length]), ""));
            System.out.println(EntityUtils.toString(client.execute(post, null).get().getEntity()));
        }
        Counts.tell();
    }
}
