"""`make bench`: one table, every figure as a ratio within one run, because a machine's own speed says little.

`make bench PARTS="startup loading"` measures some of it; what takes long is only measured when named."""

import signal
import sys

from bench import dashboards, loading, scale, startup, tracker, warehouse
from bench.table import HEAD
from local_stack.home import StackError

PARTS = {
    "startup": startup.figures,
    "loading": loading.figures,
    "memory": loading.memory_figures,
    "warehouse": warehouse.figures,
    "histories": warehouse.long_figures,
    "scale": scale.figures,
    "dashboards": dashboards.figures,
    "tracker": tracker.figures,
}
USUAL = ["startup", "loading"]


def main() -> None:
    wanted = sys.argv[1:] or USUAL
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise SystemExit(f"bench: no part is called {unknown[0]!r}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))  # and so take the servers along
    print(HEAD, flush=True)
    try:
        for name in wanted:
            for figure in PARTS[name]():
                print(figure, flush=True)
    except StackError as error:
        raise SystemExit(f"bench: {error}") from None


if __name__ == "__main__":
    main()
