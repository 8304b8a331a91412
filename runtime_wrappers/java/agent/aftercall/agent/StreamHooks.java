package aftercall.agent;

/**
 * Body streams of every library: what the user's code reads and writes is shown to the call that the stream carries.
 * A stream that is closed before its end gives up the rest, if there is one, even if the library then reads it by
 * itself. A decoder may reach the end of the body before it has read the end of the framing.
 */
public final class StreamHooks extends AftercallHook {
    @Override
    public Object before(int point, Object[] arguments) {
        if (point == Points.STREAM_WRAPS) {
            return wraps((AftercallCarrier) arguments[0], arguments[1]);
        }
        AftercallCall call = (AftercallCall) ((AftercallCarrier) arguments[0]).aftercall();
        if (call == null || call.hasEnded()) {
            return null;
        }
        switch (point) {
            case Points.STREAM_WRITE:
                call.sent((byte[]) arguments[1], (Integer) arguments[2], (Integer) arguments[3]);
                return null;
            case Points.STREAM_WRITE_LAST:
                call.sent((byte[]) arguments[1], (Integer) arguments[2], (Integer) arguments[3]);
                return arguments;
            case Points.STREAM_WRITE_BYTE:
                call.sent(new byte[] {((Integer) arguments[1]).byteValue()}, 0, 1);
                return null;
            case Points.STREAM_CLOSE:
                call.end((Throwable) null, call.missing() == 0);
                return null;
            case Points.STREAM_CLOSE_READING:
                call.isLeft = true;
                return arguments;
            default:
                return arguments;
        }
    }

    private static Object wraps(AftercallCarrier stream, Object wrapped) {
        if (wrapped instanceof AftercallCarrier) {
            stream.aftercall(((AftercallCarrier) wrapped).aftercall());
        }
        return null;
    }

    @Override
    public void after(int point, Object state, Object result, Throwable thrown) {
        Object[] arguments = (Object[]) state;
        AftercallCall call = (AftercallCall) ((AftercallCarrier) arguments[0]).aftercall();
        if (point == Points.STREAM_WRITE_LAST) {
            if (thrown != null) {
                call.end(thrown, false); // nobody may ever ask for an answer
            }
            return;
        }
        if (point == Points.STREAM_CLOSE_READING) {
            call.end((Throwable) null, call.missing() == 0);
            return;
        }
        int count = thrown == null ? (Integer) result : 0;
        if (call.isLeft && count >= 0) {
            call.end((Throwable) null, call.missing() == 0);
            return;
        }
        if (point == Points.STREAM_READ && count > 0) {
            call.received((byte[]) arguments[1], (Integer) arguments[2], count);
        } else if (point == Points.STREAM_READ_BYTE && thrown == null && count >= 0) {
            call.received(new byte[] {(byte) count}, 0, 1);
        }
        if (thrown != null || count < 0 || call.missing() == 0) {
            // Some take any end of file for the end of the body.
            call.end(thrown, call.missing() <= 0);
        }
    }
}
