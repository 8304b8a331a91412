package com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto;

/** What our hooks read of the runtime client's own class, for the compiler alone. */
public class InvocationRequest {
    public native String getId();

    public native long getDeadlineTimeInMs();

    public native String getInvokedFunctionArn();

    public native String getXrayTraceId();

    public native byte[] getContent();
}
