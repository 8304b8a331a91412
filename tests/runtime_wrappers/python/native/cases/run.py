# mypy: ignore-errors
"""python run.py WRAPPER CASE: runs every test_* function of a case file against the built C module.

Also runs under a Python with AddressSanitizer preloaded, and prints one line a test, so that a crash names its test.
"""

import asyncio
import importlib
import sys
import traceback


def main(wrapper, case):
    sys.path.insert(0, str(wrapper))
    module = importlib.import_module(case)
    failures = 0
    for name, test in list(vars(module).items()):
        if name.startswith("test_"):
            print(name, flush=True)
            try:
                asyncio.run(test()) if asyncio.iscoroutinefunction(test) else test()
            except Exception:
                failures += 1
                traceback.print_exc()
    return failures


if __name__ == "__main__":
    sys.exit(min(1, main(*sys.argv[1:])))
