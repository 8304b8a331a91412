"""Where records go. Each exporter is a module of its own, imported only when it is configured."""
