"""`make bench`: every figure as a ratio within one run, because a machine's own speed says little."""

import signal
import sys

from bench import loading, startup, warehouse
from bench.stage import temporary_platform

PARTS = {"startup": startup.rows, "loading": loading.rows, "warehouse": warehouse.rows}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise SystemExit(f"bench: no part is called {unknown[0]!r}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))  # and so take the servers along
    with temporary_platform() as running:
        for name in wanted:
            for row in PARTS[name](running):
                print(row, flush=True)


if __name__ == "__main__":
    main()
