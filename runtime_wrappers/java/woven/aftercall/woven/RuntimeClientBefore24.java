package aftercall.woven;

import aftercall.agent.Boundary;
import aftercall.agent.Points;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.InvocationRequest;
import java.io.IOException;
import java.io.InputStream;

/**
 * The boundary: where Lambda's runtime client gets an event from the Runtime API and posts what became of it.
 *
 * <p>Releases up to 2.3. The first managed images carry a copy in another package: the build renames this class for it.
 */
public final class RuntimeClientBefore24 extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) {
        switch (point) {
            case Points.RUNTIME_NEXT:
                Boundary.asked(arguments[0]);
                return arguments;
            case Points.RUNTIME_ERROR:
                Boundary.posts((byte[]) arguments[2]);
                return arguments;
            case Points.RUNTIME_INIT_ERROR:
                Boundary.posts((byte[]) arguments[1]);
                return arguments;
            default:
                return arguments;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) throws IOException {
        Object[] arguments = (Object[]) state;
        switch (point) {
            case Points.RUNTIME_NEXT:
                if (result != null) {
                    InvocationRequest request = (InvocationRequest) result;
                    Boundary.started(
                            request.getId(),
                            request.getDeadlineTimeInMs(),
                            request.getInvokedFunctionArn(),
                            request.getXrayTraceId(),
                            contentOf(request));
                }
                break;
            case Points.RUNTIME_RESPONSE:
                Boundary.succeeded((String) arguments[1], (byte[]) arguments[2], thrown);
                break;
            case Points.RUNTIME_ERROR:
                Boundary.failed((String) arguments[1], thrown);
                break;
            case Points.RUNTIME_INIT_ERROR:
                Boundary.initFailed();
                break;
            case Points.RUNTIME_RESTORE:
                Boundary.restored();
                break;
            default:
                break;
        }
    }

    /** Each call of getContentAsStream returns a new stream over the bytes. */
    private static byte[] contentOf(InvocationRequest request) throws IOException {
        try (InputStream content = request.getContentAsStream()) {
            byte[] bytes = new byte[content.available()];
            int count = content.read(bytes);
            return count == bytes.length ? bytes : new byte[0];
        }
    }
}
