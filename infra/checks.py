"""Settings that cannot be, told in one line each before anything is made of them."""

import re
from ipaddress import IPv4Network

from infra.schedules import is_schedule
from infra.settings import SettingsError, Stage

AMI = r"ami-[0-9a-f]{8,17}"
VOLUME = r"vol-[0-9a-f]{8,17}"
PLACEHOLDER = r"(ami|pl)-0+|.*@example\.com"
FILE = r"[A-Za-z0-9][A-Za-z0-9._-]*"
SHA256 = r"[0-9a-f]{64}"
WRITE_KEY = r"[A-Za-z0-9_-]{8,128}"
INSTALLED = {"bundle": FILE, "bundle_sha256": SHA256}
YEARS = (365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, *YEARS)
AT_LEAST = {
    "raw.lock_days": 0,
    "raw.expire_days": 0,
    "ingest.requests_per_second": 1,
    "ingest.burst": 1,
    "ingest.memory_mb": 128,
    "loader.hours_back": 0,
    "loader.silent_hours": 1,
    "loader.memory_mb": 256,
    # It ends twenty seconds before Lambda would end it.
    "loader.timeout_seconds": 60,
    "warehouse.root_gib": 10,
    "warehouse.data_gib": 1,
    "warehouse.snapshots_kept": 1,
    "warehouse.backup_days": 1,
    "warehouse.raw_days": 0,
    "shop.data_gib": 1,
}
ORIGIN = r"\*|https?://[A-Za-z0-9.-]+(:\d{1,5})?"
# Graviton: what is installed and packaged is for arm64.
INSTANCE = r"[a-z]+\d+g[a-z]*\.[a-z0-9]+"


def prove(stage: Stage) -> Stage:
    _prove_forms(stage)
    _prove_numbers(stage)
    _prove_schedules(stage)
    analytics = _prove_networks(stage)
    _prove_warehouse(stage, analytics)
    _prove_retention(stage)
    _prove_collection(stage)
    return stage


def _prove_forms(stage: Stage) -> None:
    wanted = [
        ("name", stage.name, r"[a-z][a-z0-9-]{0,20}", "small letters, digits and dashes, at most 21"),
        ("region", stage.region, r"[a-z]{2}(-[a-z]+)+-\d", "a region such as eu-central-1"),
        ("s3_prefix_list", stage.s3_prefix_list, r"pl-[0-9a-f]{8,17}", "the region's S3 prefix list, pl-…"),
        ("alarm_email", stage.alarm_email, r"[^@\s]+@[^@\s]+", "an e-mail address"),
        ("network.zone", stage.network.zone, r"[a-z]", "the letter of a zone"),
        ("warehouse.image", stage.warehouse.image, AMI, "a Debian 12 image, ami-…"),
        ("warehouse.instance", stage.warehouse.instance, INSTANCE, "of arm64, such as t4g.medium"),
        ("shop.instance", stage.shop.instance, INSTANCE, "of arm64, such as t4g.small"),
    ]
    if stage.warehouse.data_volume:
        wanted.append(("warehouse.data_volume", stage.warehouse.data_volume, VOLUME, "vol-…"))
    if stage.shop.database:
        wanted.append(("shop.image", stage.shop.image, AMI, "a Debian 12 image, ami-…"))
    for name, value, pattern, words in wanted:
        if not re.fullmatch(pattern, value) or (stage.name != "example" and re.fullmatch(PLACEHOLDER, value)):
            raise SettingsError(f"{name} must be {words}, not {value!r}")


def _prove_numbers(stage: Stage) -> None:
    for name, least in AT_LEAST.items():
        part, _, setting = name.partition(".")
        value = getattr(getattr(stage, part), setting)
        if value < least:
            raise SettingsError(f"{name} must be at least {least}, not {value}")


def _prove_schedules(stage: Stage) -> None:
    for name in ("schedule", "sweep"):
        schedule = getattr(stage.loader, name)
        if not is_schedule(schedule):
            raise SettingsError(f"loader.{name} must be such as cron(5 * * * ? *), not {schedule!r}")


def _prove_networks(stage: Stage) -> IPv4Network:
    vpc = _network("vpc", stage.network.vpc)
    subnets = {
        name: _network(name, getattr(stage.network, name)) for name in ("public", "analytics", "loading")
    }
    for name, network in {"vpc": vpc, **subnets}.items():
        if not 16 <= network.prefixlen <= 28:
            raise SettingsError(f"network.{name} {network} is too large or too small: AWS takes /16 to /28")
    for name, subnet in subnets.items():
        if not subnet.subnet_of(vpc):
            raise SettingsError(f"network.{name} {subnet} lies outside of network.vpc {vpc}")
        for other, neighbour in subnets.items():
            if name < other and subnet.overlaps(neighbour):
                raise SettingsError(f"network.{name} {subnet} and network.{other} {neighbour} overlap")
    return subnets["analytics"]


def _network(name: str, text: str) -> IPv4Network:
    try:
        return IPv4Network(text)
    except ValueError:
        raise SettingsError(f"network.{name} must be a network such as 10.0.2.0/24, not {text!r}") from None


def _prove_warehouse(stage: Stage, analytics: IPv4Network) -> None:
    # AWS keeps the first four and the last for itself.
    free = [str(address) for address in list(analytics)[4:-1]]
    if stage.warehouse.address not in free:
        raise SettingsError(
            f"warehouse.address must be one of {free[0]} to {free[-1]}, not {stage.warehouse.address!r}"
        )
    for name, pattern in INSTALLED.items():
        if stage.warehouse.awake and not re.fullmatch(pattern, getattr(stage.warehouse, name)):
            raise SettingsError(
                f"warehouse.{name} is missing or wrong: a host that is awake is to install it"
            )


def _prove_retention(stage: Stage) -> None:
    raw = stage.raw
    if raw.lock_days and raw.people_erased:
        raise SettingsError(
            "raw.lock_days and raw.people_erased contradict each other: what is locked cannot be rewritten"
        )
    if raw.lock_days and not raw.versioned:
        raise SettingsError("raw.lock_days needs raw.versioned = true")
    if 0 < raw.expire_days < raw.lock_days:
        raise SettingsError("raw.expire_days is shorter than raw.lock_days: nothing could expire by then")
    if stage.log_days not in LOG_DAYS:
        raise SettingsError(f"log_days must be one of {', '.join(map(str, LOG_DAYS))}, not {stage.log_days}")


def _prove_collection(stage: Stage) -> None:
    if not stage.allowed_origins:
        raise SettingsError("allowed_origins is empty: no shop's page could send anything")
    for origin in stage.allowed_origins:
        if not re.fullmatch(ORIGIN, origin):
            raise SettingsError(f"allowed_origins must be such as https://shop.example.com, not {origin!r}")
    if stage.loader.timeout_seconds > 900:
        raise SettingsError("loader.timeout_seconds must be 900 at most: Lambda ends there")
    if stage.ingest.signed_in_only and not stage.shop.sign_in:
        raise SettingsError("ingest.signed_in_only needs shop.sign_in = true: nobody could sign in")
    if stage.ingest.signed_in_only and stage.ingest.segment_write_keys:
        raise SettingsError(
            "ingest.signed_in_only and ingest.segment_write_keys contradict each other: a key is no sign-in"
        )
    for key in stage.ingest.segment_write_keys:
        if not re.fullmatch(WRITE_KEY, key):
            raise SettingsError(
                f"ingest.segment_write_keys must be of 8 to 128 letters, digits, - and _, not {key!r}"
            )
    for name in ("sources", "ssh_sources"):
        for source in getattr(stage.shop, name):
            if not _is_network(source, longest=8):
                raise SettingsError(f"shop.{name} must be networks such as 203.0.113.0/24, not {source!r}")
    if stage.shop.ssh_sources and not stage.shop.ssh_key:
        raise SettingsError("shop.ssh_sources needs shop.ssh_key: nobody could log in")


def _is_network(source: str, longest: int) -> bool:
    try:
        return IPv4Network(source).prefixlen >= longest
    except ValueError:
        return False
