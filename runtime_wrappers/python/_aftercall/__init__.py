"""The Python wrapper of aftercall: watches the runtime client's boundary and HTTP clients, spools raw bytes.

Runs inside the user's process on every Lambda Python (3.9 to 3.14). Nothing here is public API.
"""

__version__ = "0.1.0"
