package java.lang;

import java.io.OutputStream;

/** Where a body that lies in memory shows its bytes to a call: nothing is kept but what the call takes. */
public final class AftercallSink extends OutputStream {
    private final AftercallCall call;

    public AftercallSink(AftercallCall call) {
        this.call = call;
    }

    @Override
    public void write(int b) {
        call.sent(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        call.sent(bytes, offset, length);
    }
}
