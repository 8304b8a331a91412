"""Where the environment's folders are: the one place that knows the difference between namespaces and plain paths.

| in Lambda        | with namespaces | plain paths                  |
|------------------|-----------------|------------------------------|
| /opt             | /opt            | the layer's unpacked folder  |
| /tmp             | /tmp            | a folder; TMPDIR names it    |
| /tmp/aftercall   | /tmp/aftercall  | AFTERCALL_SPOOL_DIR names it |
| /var/task        | /var/task       | the task root itself         |
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """Paths as the environment's own processes see them; `environment` tells them what is not as in Lambda."""

    opt: str = "/opt"
    tmp: str = "/tmp"  # noqa: S108 - Lambda's
    task_root: str = "/var/task"
    environment: Mapping[str, str] = field(default_factory=dict)

    def locate(self, path: str) -> str:
        """A path under /opt, as one writes it for Lambda, at the place where it is here."""
        return self.opt + path.removeprefix("/opt") if path == "/opt" or path.startswith("/opt/") else path


def plain_layout(*, opt: str, tmp: str, task_root: str) -> Layout:
    spool = os.path.join(tmp, "aftercall")
    return Layout(opt=opt, tmp=tmp, task_root=task_root, environment={"TMPDIR": tmp, "AFTERCALL_SPOOL_DIR": spool})
