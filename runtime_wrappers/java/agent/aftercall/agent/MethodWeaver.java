package aftercall.agent;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Weaves one hook point into one method. The comments at the end of lines are the operand stack after the instruction.
 *
 * <p>A handler for all exceptions stands last in the method's table: the method's own come first. It throws on what it
 * caught, and no frame of ours is ever on the stack while the method's own code runs, so stack traces stay as they
 * were. The state lies in a local variable behind all others, which each stack map frame is told of.
 */
final class MethodWeaver extends MethodVisitor {
    private static final String HOOK = "java/lang/AftercallHook";
    private static final String ENTER = "(II[Ljava/lang/Object;)Ljava/lang/Object;";
    private static final String OBJECT = "java/lang/Object";

    private final Target.Point point;
    private final int hook;
    private final boolean isStatic;
    private final Type[] parameters;
    private final Type result;
    private final String descriptor;
    private final int stateVariable;
    private final boolean hasFrames;
    private final Label start = new Label();

    /** {@code locals} is the method's own max_locals. */
    MethodWeaver(
            MethodVisitor next, Target.Point point, int hook, int access, String descriptor, int locals, int version) {
        super(Opcodes.ASM9, next);
        this.point = point;
        this.hook = hook;
        isStatic = (access & Opcodes.ACC_STATIC) != 0;
        this.descriptor = descriptor;
        parameters = Type.getArgumentTypes(descriptor);
        result = Type.getReturnType(descriptor);
        stateVariable = locals;
        hasFrames = version >= Opcodes.V1_6;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        if (point.place == Target.Place.ENTER) {
            callEnter();
            visitInsn(Opcodes.POP);
        } else if (point.place == Target.Place.REPLACE) {
            Type last = parameters[parameters.length - 1];
            callEnter(); // replacement
            super.visitTypeInsn(Opcodes.CHECKCAST, last.getInternalName());
            super.visitVarInsn(Opcodes.ASTORE, (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - (isStatic ? 2 : 1));
        } else if (point.place == Target.Place.AROUND) {
            callEnter(); // state
            super.visitVarInsn(Opcodes.ASTORE, stateVariable);
            super.visitLabel(start);
        }
    }

    private void callEnter() {
        if (point.isAlone) {
            super.visitVarInsn(Opcodes.ALOAD, 0);
            number(hook);
            number(point.number); // first hook number
            call(point.place == Target.Place.MADE ? "made" : "carried", "(Ljava/lang/Object;II)Ljava/lang/Object;");
            return;
        }
        number(hook);
        number(point.number); // hook number
        if (point.place == Target.Place.BEFORE) {
            // By now the method may have put something else into its parameters, but never into `this`.
            number(isStatic ? 0 : 1);
            super.visitTypeInsn(Opcodes.ANEWARRAY, OBJECT); // hook number array
            if (!isStatic) {
                element(0, Type.getObjectType(OBJECT), 0);
            }
            call("enter", ENTER);
            return;
        }
        int count = parameters.length + (isStatic ? 0 : 1);
        number(count);
        super.visitTypeInsn(Opcodes.ANEWARRAY, OBJECT); // hook number array
        int index = 0;
        int variable = 0;
        if (!isStatic) {
            element(index++, Type.getObjectType(OBJECT), variable++);
        }
        for (Type parameter : parameters) {
            element(index++, parameter, variable);
            variable += parameter.getSize();
        }
        call(point.place == Target.Place.REPLACE ? "replacement" : "enter", ENTER); // state
    }

    private void element(int index, Type type, int variable) {
        super.visitInsn(Opcodes.DUP); // array array
        number(index); // array array index
        super.visitVarInsn(type.getOpcode(Opcodes.ILOAD), variable);
        box(type); // array array index value
        super.visitInsn(Opcodes.AASTORE); // array
    }

    private void box(Type type) {
        switch (type.getSort()) {
            case Type.BOOLEAN:
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, "java/lang/Boolean", "valueOf", "(Z)Ljava/lang/Boolean;", false);
                break;
            case Type.BYTE:
            case Type.CHAR:
            case Type.SHORT:
            case Type.INT:
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
                break;
            case Type.LONG:
                super.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;", false);
                break;
            case Type.FLOAT:
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, "java/lang/Float", "valueOf", "(F)Ljava/lang/Float;", false);
                break;
            case Type.DOUBLE:
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, "java/lang/Double", "valueOf", "(D)Ljava/lang/Double;", false);
                break;
            default:
                break;
        }
    }

    private void number(int value) {
        if (value <= 5) {
            super.visitInsn(Opcodes.ICONST_0 + value);
        } else {
            super.visitIntInsn(Opcodes.SIPUSH, value);
        }
    }

    private void call(String name, String descriptor) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, name, descriptor, false);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (point.place == Target.Place.PASSED && point.called.equals(owner + '.' + name)) {
            super.visitInsn(Opcodes.DUP); // ... argument argument
            super.visitVarInsn(Opcodes.ALOAD, 0);
            number(hook);
            number(point.number); // ... argument argument this hook number
            call("passed", "(Ljava/lang/Object;Ljava/lang/Object;II)V"); // ... argument
        }
        if (point.place == Target.Place.BEFORE
                && (point.called.equals(name) || point.called.equals(owner + '.' + name))) {
            callEnter();
            super.visitInsn(Opcodes.POP);
        }
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            if (point.place == Target.Place.AROUND) {
                callReturned();
            } else if (point.place == Target.Place.MADE) {
                callEnter();
                super.visitInsn(Opcodes.POP);
            }
        }
        super.visitInsn(opcode);
    }

    private void callReturned() {
        if (result.getSort() == Type.VOID) {
            super.visitInsn(Opcodes.ACONST_NULL); // result
        } else {
            super.visitInsn(result.getSize() == 2 ? Opcodes.DUP2 : Opcodes.DUP); // ... result
            box(result);
        }
        super.visitVarInsn(Opcodes.ALOAD, stateVariable); // ... result state
        number(hook);
        number(point.number); // ... result state hook number
        call("returned", "(Ljava/lang/Object;Ljava/lang/Object;II)V"); // ...
    }

    /** The locals of each frame, with the state behind them: frames name a long or double once for its two places. */
    @Override
    public void visitFrame(int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
        if (point.place != Target.Place.AROUND) {
            super.visitFrame(type, localCount, locals, stackCount, stack);
            return;
        }
        int places = 0;
        for (int i = 0; i < localCount; i++) {
            places += locals[i] == Opcodes.LONG || locals[i] == Opcodes.DOUBLE ? 2 : 1;
        }
        Object[] more = java.util.Arrays.copyOf(locals, localCount + stateVariable - places + 1);
        java.util.Arrays.fill(more, localCount, more.length, Opcodes.TOP);
        more[more.length - 1] = OBJECT;
        super.visitFrame(type, more.length, more, stackCount, stack);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
        if (point.place != Target.Place.AROUND) {
            super.visitMaxs(stack + 7, locals);
            return;
        }
        Label end = new Label();
        super.visitTryCatchBlock(start, end, end, null);
        super.visitLabel(end);
        if (hasFrames) {
            // Whatever the method has made of its variables: nothing but the state is used here.
            Object[] all = new Object[stateVariable + 1];
            java.util.Arrays.fill(all, Opcodes.TOP);
            all[stateVariable] = OBJECT;
            super.visitFrame(Opcodes.F_NEW, all.length, all, 1, new Object[] {"java/lang/Throwable"});
        }
        super.visitInsn(Opcodes.DUP); // thrown thrown
        super.visitVarInsn(Opcodes.ALOAD, stateVariable);
        number(hook);
        number(point.number); // thrown thrown state hook number
        call("threw", "(Ljava/lang/Throwable;Ljava/lang/Object;II)V"); // thrown
        super.visitInsn(Opcodes.ATHROW);
        super.visitMaxs(stack + 8, stateVariable + 1);
    }
}
