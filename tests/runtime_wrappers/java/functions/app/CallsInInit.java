package app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.net.URL;
import java.util.Map;

/** Calls out before the first event is asked for, as frameworks do that load their configuration. */
public class CallsInInit implements RequestHandler<Map<String, Object>, String> {
    static {
        call();
    }

    public CallsInInit() {
        call();
    }

    private static void call() {
        try {
            new URL("http://127.0.0.1:1/").openStream();
        } catch (IOException refused) {
            return;
        }
    }

    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        return "here";
    }
}
