"""One table of scenarios for every client library; see table.py and libraries.py."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.checks", f"{__name__}.records", f"{__name__}.harness")
