package app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Loads the class that the event names, and gives what the JVM says of it. */
public class Loads implements RequestHandler<Map<String, Object>, Object> {
    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        try {
            return Class.forName((String) event.get("class")).getName();
        } catch (Throwable thrown) {
            return thrown.toString();
        }
    }
}
