"""Which file here holds the hooks of which module. A hook file is imported when its module is."""

MODULES = {
    "awslambdaric.lambda_runtime_client": "runtime_client",
    "http.client": "http_client",
    "socket": "sockets",
    "ssl": "sockets",
    "urllib3.connection": "urllib3",
    "urllib3.connectionpool": "urllib3",
    "urllib3.response": "urllib3",
}
