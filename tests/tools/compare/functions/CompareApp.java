import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** The function that is measured, of the kind that the peers' agents look for: {url}, then {library, calls}. */
public class CompareApp implements RequestHandler<Map<String, Object>, String> {
    private final BenchApp calls = new BenchApp();
    private Object url;

    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        url = event.getOrDefault("url", url);
        event.put("url", url);
        try {
            return calls.handle(event);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
