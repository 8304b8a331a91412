package aftercall.start;

/** Defines the first class of ours in java.lang, by the boot loader; that one defines the others. */
public interface BootDefiner {
    void define(String name, byte[] bytes) throws Exception;
}
