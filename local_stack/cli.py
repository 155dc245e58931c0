"""The `clickmart` command: the whole platform on this machine, and each step of it."""

import errno
import shlex
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

import click
import psycopg

from local_stack import dashboards, demo, home, pipeline, platform, postgres, screen
from local_stack.home import StackError
from local_stack.live import follow
from local_stack.traffic import truth

PORT = click.IntRange(1, 65_535)
DBT_ARGUMENTS = {"ignore_unknown_options": True, "help_option_names": []}


def http_url(_context: click.Context, _parameter: click.Parameter, url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} does not begin with http:// or https://.")
    return url


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def clickmart(context: click.Context) -> None:
    """Clickstream analytics for a web shop, on PostgreSQL and dbt: the whole platform on this machine.

    State lives in .clickmart/ beside the code; CLICKMART_HOME moves it."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@clickmart.command()
@click.option("--postgres-port", type=PORT, help="Port of PostgreSQL; a free one if not given.")
@click.option("--s3-port", type=PORT, help="Port of the S3 server; a free one if not given.")
@click.option("--api-port", type=PORT, help="Port of the HTTP endpoint; a free one if not given.")
@click.option("--shop-port", type=PORT, help="Port of the demo shop; a free one if not given.")
@click.option("--live", is_flag=True, help="Go on, with dashboards: load and transform whatever is sent.")
def up(*, live: bool, **ports: int | None) -> None:
    """Start PostgreSQL, S3, the API and the shop."""
    wanted = {name.removesuffix("_port"): port for name, port in ports.items()}
    running, is_new = platform.up(home.current(), wanted)
    screen.say("up" if is_new else "it is up already; to change ports, run `clickmart down` first")
    screen.addresses(running)
    if live:
        screen.say(demo.invite_to_dashboards(running))
        with suppress(KeyboardInterrupt):
            follow(running)


@clickmart.command(name="dashboards")
@click.option("--port", type=PORT, help=f"Their port; {dashboards.USUAL_PORT} or a free one if not given.")
def start_dashboards(port: int | None) -> None:
    """Start the dashboards."""
    url, is_new = dashboards.start(platform.open_platform(home.current()), port)
    screen.say("up" if is_new else "they are up already; to change their port, run `clickmart down` first")
    screen.say(url)


@clickmart.command()
def down() -> None:
    """Stop it all; what is stored stays."""
    screen.say("down" if platform.down(home.current()) else "nothing was running")


@clickmart.command()
def status() -> None:
    """Show addresses, and how much has come through."""
    running = platform.open_platform(home.current())
    screen.addresses(running)
    screen.numbers(demo.warehouse_numbers(running))


@clickmart.command()
def reset() -> None:
    """Stop it all, and delete what is stored."""
    platform.reset(home.current())
    screen.say("all state is deleted")


@clickmart.command()
@click.option("--days", type=click.IntRange(1, 3650), default=demo.DAYS, show_default=True)
@click.option("--visitors", type=click.IntRange(0), default=demo.VISITORS, show_default=True)
@click.option("--seed", type=int, default=demo.SEED, show_default=True)
@click.option(
    "--until", type=click.DateTime(), help="End of the traffic, in UTC; the running hour if not given."
)
@click.option(
    "--url", callback=http_url, help="Send it over HTTP to this endpoint instead, such as a deployed one."
)
@click.option("--truth", "show_truth", is_flag=True, help="Send nothing; print the traffic's true numbers.")
def traffic(
    *, days: int, visitors: int, seed: int, until: datetime | None, url: str | None, show_truth: bool
) -> None:
    """Send simulated shop traffic to the ingest handler."""
    plan = demo.TrafficPlan(days, visitors, seed, demo.end_of_traffic(until))
    if show_truth:
        screen.truth(truth(**plan.arguments()))
        return
    deliver = pipeline.to_url(url) if url else pipeline.to_ingest(platform.open_platform(home.current()))
    screen.delivery(demo.send_traffic(plan, deliver))


@clickmart.command()
@click.option(
    "--hours-back", type=click.IntRange(0), help="Load the hour this many hours ago; 0 is the running one."
)
@click.option("--hour", help="Load one UTC hour: ISO 8601 or an epoch.")
@click.option("--date", help="Load one UTC day: YYYY-MM-DD.")
@click.option("--prefix", help="Load what lies below a prefix: events/YYYY/ or deeper.")
def load(*, hours_back: int | None, hour: str | None, date: str | None, prefix: str | None) -> None:
    """Load raw events from S3 into PostgreSQL.

    By default the running hour, and what is still unloaded of the three hours before it."""
    request: dict[str, Any] = {
        "hoursBack": hours_back,
        "targetUtcHour": hour,
        "targetUtcDate": date,
        "overridePrefix": prefix,
    }
    given = {field: value for field, value in request.items() if value is not None}
    if len(given) > 1:
        raise StackError("name one of --hours-back, --hour, --date and --prefix")
    screen.load(demo.run_load(platform.open_platform(home.current()), given or {"hoursBack": 0}))


@clickmart.command(context_settings=DBT_ARGUMENTS)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def transform(arguments: tuple[str, ...]) -> None:
    """Run dbt on this machine's warehouse.

    `dbt build` with the options given, or any other command of dbt with its own."""
    sys.exit(pipeline.transform(platform.open_platform(home.current()), list(arguments)))


@clickmart.command(name="erase")
@click.option(
    "--user-id", "user_ids", multiple=True, help="An id of the person's account; more than one may be given."
)
@click.option("--client-id", "client_ids", multiple=True, help="An id of the person's browser; likewise.")
@click.option("--dry-run", is_flag=True, help="Change nothing, and count what would be.")
def erase_people(*, user_ids: tuple[str, ...], client_ids: tuple[str, ...], dry_run: bool) -> None:
    """Forget people: pseudonyms take the place of their ids.

    Totals stay. Where it was stopped, the same command again completes it."""
    receipt = pipeline.erase(platform.open_platform(home.current()), user_ids, client_ids, is_dry=dry_run)
    for line in receipt.lines():
        screen.say(line)
    for line in receipt.asides():
        click.echo(line, err=True)
    if receipt.failures:
        raise StackError(receipt.complaint())


@clickmart.command(short_help="Print a role's environment, for a shell.")
@click.option(
    "--role",
    type=click.Choice([role.removeprefix("clickmart_") for role in postgres.ROLES]),
    default="dbt",
    show_default=True,
)
def env(role: str) -> None:
    """Print a role's environment, for a shell to evaluate: eval "$(clickmart env)"."""
    running = platform.open_platform(home.current())
    variables = running.warehouse_environment(f"clickmart_{role}")
    if role == "loader":
        variables |= running.bucket_environment()
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")


@clickmart.command(name="demo")
@click.option("--days", type=click.IntRange(1, 365), default=demo.DAYS, show_default=True)
@click.option("--visitors", type=click.IntRange(0), default=demo.VISITORS, show_default=True)
def run_demo(days: int, visitors: int) -> None:
    """Up, traffic, load, transform and dashboards, at once."""
    demo.run(home.current(), days, visitors)


def main() -> None:
    try:
        clickmart(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("stopped", 130)
    except (StackError, RuntimeError, ValueError, TimeoutError, psycopg.Error) as error:
        fail(str(error).strip().splitlines()[0] if str(error).strip() else repr(error))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            fail("the disk is full: free some space, or set CLICKMART_HOME to a folder on another disk")
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            fail(f"{error.strerror}: {error.filename}; set CLICKMART_HOME to a folder of yours")
        fail(f"{error.strerror}: {error.filename}" if error.filename else str(error))


def fail(message: str, code: int = 1) -> None:
    click.echo(f"clickmart: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
