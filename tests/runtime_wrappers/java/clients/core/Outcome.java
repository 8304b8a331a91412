/** What the library's user saw. */
final class Outcome {
    final int status;
    final byte[] body;

    Outcome(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }
}
