import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/** An agent of the user's own: gives every class back as it came. */
public final class AnotherAgent implements ClassFileTransformer {
    public static void premain(String arguments, Instrumentation instrumentation) {
        System.out.println("another agent is here");
        instrumentation.addTransformer(new AnotherAgent());
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> old, ProtectionDomain domain, byte[] bytes) {
        return bytes;
    }
}
