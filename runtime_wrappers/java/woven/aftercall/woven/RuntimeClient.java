package aftercall.woven;

import aftercall.agent.Boundary;
import aftercall.agent.Points;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;

/**
 * The boundary: where Lambda's runtime client gets an event from the Runtime API and posts what became of it.
 *
 * <p>Releases from 2.4 on. The error's bytes are known only to the method that posts them.
 */
public final class RuntimeClient extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) {
        switch (point) {
            case Points.RUNTIME_NEXT:
                Boundary.asked(arguments[0]);
                return arguments;
            case Points.RUNTIME_POST:
                Boundary.posts((byte[]) arguments[3]);
                return null;
            default:
                return arguments;
        }
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
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
                            request.getContent());
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
}
