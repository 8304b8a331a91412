"""What calls and events mean, in the words of the services: pure, the same for every runtime, on raw bytes.

    calls     an HTTP exchange -> Operation        calls.operation_of
    events    an invocation's event -> Trigger     events.trigger_of
    flow      ids that both sides of a hop know -> the same string on both

Nothing here raises or sends. What is not understood is a plain HTTP call, or a plain invocation.
Results hold what the user's code and AWS wrote: pipeline.redact masks them before they leave.
"""
