"""What stays out of the frozen file, and why each thing that could go stays in.

Tests run each exporter from the frozen file (tests/end_to_end/test_exporters.py): a list that is too short fails there.
"""

KEPT_EXTENSION_MODULES = (
    "_bisect",  # random, for email.utils
    "_blake2",  # hashlib complains on stderr without it
    "_contextvars",  # urllib3's typing of sockets
    "_datetime",  # email.utils, for http.client's header parser
    "_hashlib",  # ssl, hmac
    "_json",
    "_queue",
    "_random",
    "_sha2",  # random and the hashes of the flow, from 3.12
    "_sha256",  # the hashes of the flow, before
    "_sha512",  # random, before
    "_socket",
    "_ssl",
    "_struct",
    "_typing",
    "aftercall.masking._scanner",  # build_spec/scanner.py
    "aftercall_compiled",  # build_spec/compiled_modules.py
    "array",
    "binascii",
    "fcntl",
    "math",
    "select",
    "unicodedata",  # the idna codec: every look-up of a host name
    "zlib",
)
"""Native modules that are packed; all others of the standard library are left out."""

EXCLUDED_MODULES = (
    "_aix_support",
    "_bootsubprocess",
    "_distutils_hack",
    "_osx_support",
    "_pydecimal",
    "_pyio",
    "argparse",
    "asyncio",
    "bz2",
    "concurrent",
    "csv",
    "ctypes",
    "decimal",
    "distutils",
    "doctest",
    "ftplib",
    "getpass",
    "gettext",
    "h2",
    "http.cookiejar",
    "idna",
    "importlib.metadata",  # aftercall.transport.pooled keeps urllib3 from importing it
    "lzma",
    "multiprocessing",
    "netrc",
    "numbers",
    "optparse",
    "pdb",
    "pickle",
    "pkg_resources",
    "pydoc",
    "setuptools",
    "statistics",
    "subprocess",
    "tarfile",
    "tkinter",
    "tracemalloc",
    "unittest",
    "urllib.request",
    "urllib3.contrib",
    "xml",
    "xmlrpc",
)
"""Python modules that something imports only where it is there, or only for what the extension never does."""
