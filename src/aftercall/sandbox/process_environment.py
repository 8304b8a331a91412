"""The environment variables of the runtime and of the extensions.

AWS's page "Defined runtime environment variables"; for what extensions do not get, rapid's environment package.
Of the developer's own variables only these come in: the folder of the runtime's interpreter, at the head of PATH, and
LD_LIBRARY_PATH, at the end of Lambda's own.
"""

import os
from dataclasses import dataclass

from aftercall.sandbox.config import SandboxConfig
from aftercall.sandbox.layout import Layout

_LIBRARY_PATH = ("/var/lang/lib", "/lib64", "/usr/lib64", "/var/runtime", "/var/runtime/lib")
_NOT_FOR_EXTENSIONS = frozenset(
    {
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


@dataclass(frozen=True)
class ProcessEnvironment:
    """`interpreter_folder` is where the runtime's program was found on the developer's machine."""

    config: SandboxConfig
    layout: Layout
    api_address: str
    log_stream: str
    interpreter_folder: str | None

    def of_runtime(self) -> dict[str, str]:
        config = self.config
        environment = self._shared() | {
            "_HANDLER": config.handler,
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{config.function_name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream,
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": self.layout.task_root,
        }
        if config.runtime_name:
            environment["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{config.runtime_name}"
        return environment | self._of_function()

    def of_extension(self) -> dict[str, str]:
        environment = self._shared() | self._of_function()
        return {
            name: value
            for name, value in environment.items()
            if not name.startswith("_") and name not in _NOT_FOR_EXTENSIONS
        }

    def _of_function(self) -> dict[str, str]:
        """The function's own settings, which may replace ours: in Lambda most cannot, here it helps to try things."""
        environment = dict(self.config.environment)
        if self.config.wrapper is not None:
            environment["AWS_LAMBDA_EXEC_WRAPPER"] = self.config.wrapper
        return environment

    def _shared(self) -> dict[str, str]:
        config, layout = self.config, self.layout
        library_path = [*_LIBRARY_PATH, layout.task_root, f"{layout.task_root}/lib", f"{layout.opt}/lib"]
        if developers := os.environ.get("LD_LIBRARY_PATH"):
            library_path.append(developers)
        path = ["/usr/local/bin", "/usr/bin", "/bin", f"{layout.opt}/bin"]
        if self.interpreter_folder is not None:
            path.insert(0, self.interpreter_folder)
        return {
            "AWS_ACCESS_KEY_ID": "AKIASANDBOXSANDBOX00",
            "AWS_SECRET_ACCESS_KEY": "sandbox-secret-access-key",
            "AWS_SESSION_TOKEN": "sandbox-session-token",
            "AWS_DEFAULT_REGION": config.region,
            "AWS_REGION": config.region,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.memory_mb),
            "AWS_LAMBDA_FUNCTION_NAME": config.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": config.function_version,
            "AWS_LAMBDA_INITIALIZATION_TYPE": config.initialization_type,
            "AWS_LAMBDA_LOG_FORMAT": config.log_format,
            "AWS_LAMBDA_RUNTIME_API": self.api_address,
            "LANG": "en_US.UTF-8",
            "LD_LIBRARY_PATH": ":".join(library_path),
            "PATH": ":".join(path),
            "TZ": ":UTC",
            **layout.environment,
        }
