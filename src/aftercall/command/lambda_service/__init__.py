"""What `publish`, `attach`, `detach` and `status` know of the Lambda service.

access          clients, and foreign errors in our words
layer_zip       the layer's zip on this machine        layer_version   published ones
runtimes        which runtime is watched how           function        one function's configuration; choosing functions
plan            what shall change: plain data, no I/O  undo            what was there, on disk before it changes
apply           carries a plan out                     unpacked        sizes that the API does not tell
show            tables and progress bars
"""
