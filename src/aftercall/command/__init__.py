"""The command `aftercall` on the developer's machine; none of it goes into the layer."""
