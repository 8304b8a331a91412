package aftercall.agent;

import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

/** Whoever waits for a response is told that it failed, and so are we. Here, since what is woven is one class alone. */
public final class FutureFailure implements BiConsumer<Object, Throwable> {
    private final AftercallCall call;

    public FutureFailure(AftercallCall call) {
        this.call = call;
    }

    @Override
    public void accept(Object response, Throwable thrown) {
        if (thrown != null) {
            call.end(unwrapped(thrown), false);
        }
    }

    /** Without the wrappers that the user does not see. */
    public static Throwable unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof CompletionException || inner.getClass().getName().startsWith("jdk.internal."))
                && AftercallThrown.cause(inner) != null) {
            inner = AftercallThrown.cause(inner);
        }
        return inner;
    }
}
