package java.lang;

import java.io.OutputStream;

/** Where body bytes that lie in memory are shown to a call: nothing is kept but what the call takes. */
public final class AftercallSink extends OutputStream {
    private final AftercallCall call;
    private final boolean isRequest;

    public AftercallSink(AftercallCall call, boolean isRequest) {
        this.call = call;
        this.isRequest = isRequest;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (isRequest) {
            call.sent(bytes, offset, length);
        } else {
            call.received(bytes, offset, length);
        }
    }
}
