"""HTTP/1 (RFC 9112), read in pieces as they come. Like h11 without I/O; imports nothing of ours."""
