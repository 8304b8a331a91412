package java.lang;

/** Woven into library classes whose instances belong to a call: one field that holds it. */
public interface AftercallCarrier {
    Object aftercall();

    void aftercall(Object value);
}
