"""The exporters: how records are encoded, and where they are sent. Each is imported only if it is configured."""
