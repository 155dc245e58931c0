"""Whether tests take their long version: more rounds, more chance, many minutes. `make soak` asks for it."""

import os

SOAK = bool(os.environ.get("CLICKMART_SOAK"))
