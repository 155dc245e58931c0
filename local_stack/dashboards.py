"""The dashboards, in R: a process more beside the platform, which is up without them, too."""

import json
import subprocess

from local_stack import processes
from local_stack.home import PROJECT, Home, StackError
from local_stack.platform import (
    DASHBOARDS,
    Platform,
    alone,
    clean_environment,
    open_platform,
    stop_dashboards,
    taking_ports,
)

APP = PROJECT / "shiny"
USUAL_PORT = 24323
# R reads all its packages and the whole app before it listens.
START_SECONDS = 60.0


class NotInstalledError(StackError):
    """What the dashboards need and the platform does not."""


def start(running: Platform, port: int | None = None) -> tuple[str, bool]:
    """Their address, and whether they had to be started for it."""
    home = running.home
    with alone(home):
        running = open_platform(home)  # unless somebody stopped it while we waited
        if known := url(home):
            return known, False
        require_installed()
        with taking_ports():
            chosen = processes.choose_ports({DASHBOARDS: port}, {DASHBOARDS: USUAL_PORT})[DASHBOARDS]
            try:
                processes.start(
                    home,
                    DASHBOARDS,
                    command(chosen),
                    environment(running),
                    chosen,
                    patience_seconds=START_SECONDS,
                )
            except BaseException:
                stop_dashboards(home)
                raise
    return f"http://127.0.0.1:{chosen}", True


def url(home: Home) -> str | None:
    """Where they are, if they run."""
    port = processes.port_of(home, DASHBOARDS)
    return None if port is None else f"http://127.0.0.1:{port}"


def require_installed() -> None:
    check = subprocess.run(
        ["/bin/sh", str(APP / "install.sh"), "--check"], capture_output=True, text=True, check=False
    )
    if check.returncode != 0:
        raise NotInstalledError((check.stdout or check.stderr).strip())


def command(port: int) -> list[str]:
    """What went wrong is the last thing it says: R itself would end with `Execution halted`."""
    app = json.dumps(str(APP), ensure_ascii=False)
    run = f'shiny::runApp({app}, host = "127.0.0.1", port = {port}L, launch.browser = FALSE)'
    give_up = "function(problem) { message(conditionMessage(problem)); quit(status = 1) }"
    return ["Rscript", "--vanilla", "-e", f"tryCatch({run}, error = {give_up})"]


def environment(running: Platform) -> dict[str, str]:
    """The same text, order and time wherever it is started from."""
    return {
        **clean_environment(),
        **running.warehouse_environment("clickmart_dashboard"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
