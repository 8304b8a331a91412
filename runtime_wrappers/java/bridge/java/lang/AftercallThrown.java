package java.lang;

import java.lang.reflect.Field;

/**
 * What an exception says, without running its own methods, which may be the user's. It stands in java.lang, where
 * java.base lets it read Throwable's fields.
 */
public final class AftercallThrown {
    private static final Field MESSAGE = field("detailMessage");
    private static final Field CAUSE = field("cause");

    private AftercallThrown() {}

    /** Null if there is none, or if only the exception's own code knows it. */
    public static String message(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != Throwable.class; type = type.getSuperclass()) {
            try {
                type.getDeclaredMethod("getMessage");
                // The JDK makes some messages when they are asked for.
                return type.getClassLoader() == null ? thrown.getMessage() : (String) read(MESSAGE, thrown);
            } catch (ReflectiveOperationException | LinkageError inherited) {
                continue;
            }
        }
        return thrown.getMessage();
    }

    public static Throwable cause(Throwable thrown) {
        Throwable cause = (Throwable) read(CAUSE, thrown);
        return cause == thrown ? null : cause;
    }

    private static Object read(Field field, Throwable thrown) {
        try {
            return field == null ? null : field.get(thrown);
        } catch (IllegalAccessException exception) {
            return null;
        }
    }

    private static Field field(String name) {
        try {
            Field field = Throwable.class.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException exception) {
            return null;
        }
    }
}
