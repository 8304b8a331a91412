"""Stands in /var/runtime for the bootstrap of Lambda's own Python runtimes: the same folders come first on sys.path."""

import os
import site
import sys

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
OPT = [f"/opt/python/lib/{VERSION}/site-packages", "/opt/python"]
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]


def main():
    layers = [] if "PYTHONPATH" in os.environ else OPT
    sys.path[:0] = [TASK_ROOT, *layers]
    for folder in (TASK_ROOT, *layers):
        site.addsitedir(folder)
    os.environ.setdefault("PYTHONPATH", os.environ["LAMBDA_RUNTIME_DIR"])

    from awslambdaric.__main__ import main as run

    run([sys.argv[0], os.environ["_HANDLER"]])


if __name__ == "__main__":
    main()
