"""From frames to records that may leave the environment: assemble, enrich, redact, limit. Plain functions, no I/O."""
