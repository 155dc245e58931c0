"""Whether tests take their long version, as `make soak` asks for."""

import os

SOAK = bool(os.environ.get("CLICKMART_SOAK"))
