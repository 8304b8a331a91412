"""The module to which Lumigo's layer redirects: the function is imported in the init, as it would be by itself."""

from lumigo_tracer.auto_instrument_handler import _handler as handler  # noqa: F401
from lumigo_tracer.auto_instrument_handler import prefetch_handler_import

prefetch_handler_import()
