// Nothing: what starting Node.js costs by itself.
