package aftercall.agent;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Filter, weave, report. What cannot be woven stays as it was, and is counted. */
final class ClassWeaver implements ClassFileTransformer {
    private static final int NEWEST = Opcodes.V26;
    private static final String CARRIER = "java/lang/AftercallCarrier";
    private static final String HEADERS = "java/lang/AftercallHeaders";
    private static final String HEADER = "(Ljava/lang/String;Ljava/lang/String;)V";
    private static final String FIELD = "$aftercall";

    private final Map<String, Target> targets;
    private final HookLoader hooks;
    private final Report report;

    ClassWeaver(Map<String, Target> targets, HookLoader hooks, Report report) {
        this.targets = targets;
        this.hooks = hooks;
        this.report = report;
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
        Target target = name == null ? null : targets.get(name);
        if (target == Target.RUNTIME_CLIENT) {
            report.clientRuns();
            return null;
        }
        if (target == null || redefined != null) {
            return null;
        }
        try {
            int version = (bytes[6] & 255) << 8 | bytes[7] & 255;
            if (version > NEWEST) {
                report.tooNew(name, version);
                return null;
            }
            return weave(target, bytes, loader);
        } catch (Throwable thrown) {
            report.fault("weave:" + name, thrown);
            return null;
        }
    }

    private byte[] weave(Target target, byte[] bytes, ClassLoader loader) {
        ClassReader reader = new ClassReader(bytes);
        Map<String, Integer> locals = localsOf(target, reader);
        if (locals.isEmpty() && !target.carries) {
            report.nothingToHook(reader.getClassName());
            return null;
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Weaving(writer, target, locals, loader), ClassReader.EXPAND_FRAMES);
        report.note("wove " + reader.getClassName());
        return writer.toByteArray();
    }

    /** The methods with a hook, by name and descriptor, and the number of their local variables. */
    private static Map<String, Integer> localsOf(final Target target, ClassReader reader) {
        final Map<String, Integer> locals = new HashMap<>();
        ClassVisitor counting = new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] exceptions) {
                if (pointsIn(target, access, name, descriptor).isEmpty()) {
                    return null;
                }
                final String method = name + descriptor;
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMaxs(int stack, int count) {
                        locals.put(method, count);
                    }
                };
            }
        };
        reader.accept(counting, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return locals;
    }

    private static List<Target.Point> pointsIn(Target target, int access, String name, String descriptor) {
        List<Target.Point> found = new ArrayList<>(2);
        if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_BRIDGE)) == 0) {
            for (Target.Point point : target.points) {
                if (point.is(name, descriptor)) {
                    found.add(point);
                }
            }
        }
        return found;
    }

    /** The class on its way from the reader to the writer. */
    private final class Weaving extends ClassVisitor {
        private final Target target;
        private final Map<String, Integer> locals;
        private final ClassLoader loader;
        private int version;
        private String owner;

        Weaving(ClassVisitor next, Target target, Map<String, Integer> locals, ClassLoader loader) {
            super(Opcodes.ASM9, next);
            this.target = target;
            this.locals = locals;
            this.loader = loader;
        }

        @Override
        public void visit(
                int version, int access, String name, String signature, String superName, String[] interfaces) {
            this.version = version & 0xffff;
            owner = name;
            String[] all = target.carries ? and(interfaces, CARRIER) : interfaces;
            super.visit(
                    version, access, name, signature, superName, target.opened == null ? all : and(all, HEADERS));
        }

        private String[] and(String[] interfaces, String one) {
            String[] all = java.util.Arrays.copyOf(interfaces, interfaces.length + 1);
            all[interfaces.length] = one;
            return all;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            Integer count = locals.get(name + descriptor);
            if (count == null) {
                return next;
            }
            for (Target.Point point : pointsIn(target, access, name, descriptor)) {
                int hook = hooks.numberOf(point.hooks == null ? target.hooks : point.hooks, loader);
                next = new MethodWeaver(next, point, hook, access, descriptor, count, version);
            }
            return next;
        }

        @Override
        public void visitEnd() {
            if (target.carries) {
                // Transient and private: neither written by serialization nor part of a computed serialVersionUID.
                super.visitField(
                        Opcodes.ACC_PRIVATE | Opcodes.ACC_TRANSIENT | Opcodes.ACC_VOLATILE | Opcodes.ACC_SYNTHETIC,
                        FIELD,
                        "Ljava/lang/Object;",
                        null,
                        null);
                getter(super.visitMethod(access(), "aftercall", "()Ljava/lang/Object;", null, null));
                setter(super.visitMethod(access(), "aftercall", "(Ljava/lang/Object;)V", null, null));
            }
            if (target.opened != null) {
                opener(super.visitMethod(access(), "aftercall", HEADER, null, null));
            }
            super.visitEnd();
        }

        private int access() {
            return Opcodes.ACC_PUBLIC | Opcodes.ACC_SYNTHETIC;
        }

        private void opener(MethodVisitor method) {
            method.visitCode();
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitVarInsn(Opcodes.ALOAD, 1);
            method.visitVarInsn(Opcodes.ALOAD, 2);
            method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, target.opened, HEADER, false);
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(3, 3);
            method.visitEnd();
        }

        private void getter(MethodVisitor method) {
            method.visitCode();
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitFieldInsn(Opcodes.GETFIELD, owner, FIELD, "Ljava/lang/Object;");
            method.visitInsn(Opcodes.ARETURN);
            method.visitMaxs(1, 1);
            method.visitEnd();
        }

        private void setter(MethodVisitor method) {
            method.visitCode();
            method.visitVarInsn(Opcodes.ALOAD, 0);
            method.visitVarInsn(Opcodes.ALOAD, 1);
            method.visitFieldInsn(Opcodes.PUTFIELD, owner, FIELD, "Ljava/lang/Object;");
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(2, 2);
            method.visitEnd();
        }
    }
}
