package aftercall.agent;

/** Defines classes of java.lang by the boot loader. */
public interface BootDefiner {
    Class<?> define(String name, byte[] bytes) throws Exception;
}
