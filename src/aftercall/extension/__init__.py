"""The Python part of the extension: everything but the Extensions API, which the launcher owns."""
