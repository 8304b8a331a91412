package java.lang.foreign;

/** A parameter's type, for the compiler alone. */
public interface MemorySegment {}
