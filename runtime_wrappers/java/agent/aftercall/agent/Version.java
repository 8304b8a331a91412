package aftercall.agent;

/** The wrapper's version, as the layer's; a test compares. */
final class Version {
    static final String NAME = "0.1.0";

    private Version() {}
}
