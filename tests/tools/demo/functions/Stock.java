import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Map;

/** The last function of the crossing: asks the API how many there are. */
public class Stock {
    public Map<String, Object> handle(Map<String, Object> event) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(System.getenv("API") + "/orders/17").openConnection();
        int bytes = 0;
        try (InputStream body = connection.getInputStream()) {
            while (body.read() >= 0) bytes++;
        }
        return Map.of("statusCode", 200, "body", "{\"stock\": " + bytes + "}");
    }
}
