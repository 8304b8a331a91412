package aftercall.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The frames from invocation_start to invocation_end. One at a time, but on Managed Instances: there each of the
 * runtime client's threads has one of its own.
 */
final class Invocations {
    private final Settings settings;
    private final Spool spool;
    private final Map<Thread, String> open = new ConcurrentHashMap<>();
    private final Map<String, Traceparent> traces = new ConcurrentHashMap<>();
    private Calls calls;
    private int number;
    private volatile String latest = "";

    Invocations(Settings settings, Spool spool) {
        this.settings = settings;
        this.spool = spool;
    }

    void calls(Calls calls) {
        this.calls = calls;
    }

    /** The invocation that this thread works for; empty in the init phase, and where several could be meant. */
    String requestId() {
        if (open.size() <= 1) {
            return latest;
        }
        String mine = open.get(Thread.currentThread());
        return mine == null ? "" : mine;
    }

    /** The event has arrived. {@code trace} may be null; {@code deadline} in ms since the epoch, 0: unknown. */
    void started(String requestId, long deadline, String arn, String trace, byte[] event) {
        endUnanswered();
        int ordinal;
        synchronized (this) {
            ordinal = ++number;
        }
        latest = requestId;
        open.put(Thread.currentThread(), requestId);
        if (settings.propagates) {
            traces.put(requestId, new Traceparent(requestId, trace, event));
        }
        spool.beginInvocation();
        Frame frame = new Frame("invocation_start", Clock.now(), requestId).with("number", ordinal);
        if (deadline > 0) {
            frame.with("deadline", deadline);
        }
        spool.write(frame.with("arn", arn)
                .with("trace", trace)
                .with("event_size", event == null ? 0 : event.length)
                .part("event", event, 0, settings.eventBytes));
    }

    /** The client asks for the next event, or has got it, without having answered this one. */
    void endUnanswered() {
        String requestId = open.get(Thread.currentThread());
        if (requestId != null) {
            end(requestId, new Frame("invocation_end", Clock.now(), requestId)
                    .with("status", "error")
                    .with("error_type", "Runtime.NoAnswer"));
        }
    }

    /** The post has returned, or {@code failed}: then Lambda did not take the answer. */
    void succeeded(String requestId, byte[] response, Throwable failed) {
        Frame frame = new Frame("invocation_end", Clock.now(), requestId);
        failure(frame.with("status", failed == null ? "ok" : "error"), failed);
        end(requestId, frame.with("response_size", response == null ? 0 : response.length)
                .part("response", response, 0, settings.eventBytes));
    }

    void failed(String requestId, byte[] error, Throwable failed) {
        Frame frame = new Frame("invocation_end", Clock.now(), requestId).with("status", "error");
        end(requestId, failure(frame, failed).part("error", error, 0, settings.errorBytes));
    }

    void initFailed(byte[] error) {
        spool.write(new Frame("invocation_end", Clock.now(), null)
                .with("status", "error")
                .with("phase", "init")
                .part("error", error, 0, settings.errorBytes));
        spool.ring();
    }

    private static Frame failure(Frame frame, Throwable failed) {
        if (failed != null) {
            frame.with("error_type", failed.getClass().getName()).with("error_message", AftercallThrown.message(failed));
        }
        return frame;
    }

    private void end(String requestId, Frame frame) {
        open.remove(Thread.currentThread());
        traces.remove(requestId);
        calls.giveUp();
        spool.write(frame);
        spool.ring();
    }

    /** Whether it has not ended yet. */
    boolean isOpen(String requestId) {
        return open.containsValue(requestId);
    }

    /** The header for a call that began under {@code requestId}; null where nothing is to be sent. */
    String traceparent(String requestId, String spanId) {
        Traceparent trace = traces.get(requestId);
        return trace == null ? null : trace.of(spanId);
    }
}
