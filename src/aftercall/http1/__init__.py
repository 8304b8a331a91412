"""HTTP/1 (RFC 9112) as bytes: what comes in pieces is read as it comes. Imports nothing of ours; no I/O, as in h11."""
