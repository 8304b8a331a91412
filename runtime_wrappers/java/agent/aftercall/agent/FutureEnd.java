package aftercall.agent;

import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;

/** Whoever waits for a call is told that it is over, and so are we. Here, since what is woven is one class alone. */
public final class FutureEnd implements BiConsumer<Object, Throwable> {
    private final AftercallCall call;

    public FutureEnd(AftercallCall call) {
        this.call = call;
    }

    @Override
    public void accept(Object nothing, Throwable thrown) {
        boolean isGivenUp = thrown != null && call.hasResponse() && isCancellation(thrown);
        call.end(isGivenUp ? null : thrown, thrown == null);
    }

    /** The user's code reads no further. The AWS SDK has a class of its own for this. */
    private static boolean isCancellation(Throwable thrown) {
        return thrown instanceof CancellationException
                || thrown.getClass().getSimpleName().equals("SdkCancellationException");
    }
}
