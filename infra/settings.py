"""What may differ between two deployments, read from stages/<name>.toml."""

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

STAGES = Path(__file__).parent / "stages"
Table = TypeVar("Table")


class SettingsError(ValueError):
    """One line that says which setting is wrong and what it may be."""


@dataclass(frozen=True)
class Network:
    vpc: str = "10.0.0.0/16"
    # Where there is none of that name, or no machine of the wanted kind, another. A volume cannot change it.
    zone: str = "a"
    public: str = "10.0.1.0/24"  # the shop's database
    analytics: str = "10.0.2.0/24"  # the warehouse
    loading: str = "10.0.3.0/24"  # the loader
    flow_logs: bool = False


@dataclass(frozen=True)
class Raw:
    versioned: bool = True
    lock_days: int = 0
    # Never a move to a cheaper class: thousands of tiny objects cost more to move than to keep.
    expire_days: int = 0
    # Whether people can be erased from it: the warehouse host may then rewrite events. Meant to be on only
    # while that is done.
    people_erased: bool = False


@dataclass(frozen=True)
class Ingest:
    requests_per_second: int = 200
    burst: int = 400
    memory_mb: int = 256
    signed_in_only: bool = False
    # With one, Segment's API is there, too. They are no secrets: they stand in the pages that send.
    segment_write_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Loader:
    schedule: str = "cron(5 * * * ? *)"
    hours_back: int = 1
    sweep: str = "cron(35 3 * * ? *)"
    # How long it may be silent before somebody is told.
    silent_hours: int = 2
    memory_mb: int = 1024
    timeout_seconds: int = 600


@dataclass(frozen=True)
class Warehouse:
    image: str
    instance: str = "t4g.medium"
    address: str = "10.0.2.10"
    root_gib: int = 20
    data_gib: int = 100
    # A volume that there is already, instead of a new one: of a stage before this one, or made of a snapshot.
    data_volume: str = ""
    snapshots_kept: int = 14
    # Months of raw events that ended so many days ago are dropped; 0 keeps all.
    raw_days: int = 0
    # What a new host is made of: a file below releases/ in the release bucket, and its checksum.
    bundle: str = ""
    bundle_sha256: str = ""
    backup_days: int = 35
    # Asleep, the volume and what is on it stay, and neither a machine nor an endpoint costs by the hour. A
    # stage begins so: what is to be installed needs a bucket to lie in.
    awake: bool = False


@dataclass(frozen=True)
class Shop:
    """The shop's own database and its sign-in. Off where the shop has both elsewhere."""

    database: bool = False
    image: str = ""
    instance: str = "t4g.small"
    data_gib: int = 20
    sources: list[str] = field(default_factory=list)
    # Nobody needs it: Session Manager leads to this machine, too.
    ssh_sources: list[str] = field(default_factory=list)
    ssh_key: str = ""
    sign_in: bool = False
    repository: str = ""
    branch: str = "main"


@dataclass(frozen=True)
class Stage:
    name: str
    region: str
    s3_prefix_list: str
    alarm_email: str
    allowed_origins: list[str]
    warehouse: Warehouse
    network: Network = field(default_factory=Network)
    raw: Raw = field(default_factory=Raw)
    ingest: Ingest = field(default_factory=Ingest)
    loader: Loader = field(default_factory=Loader)
    shop: Shop = field(default_factory=Shop)
    log_days: int = 90


def read_stage(name: str | None, folder: Path = STAGES) -> Stage:
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in known:
        raise SettingsError(f"no stage {name or ''!r}: say which, one of {', '.join(known) or 'none yet'}")
    try:
        said = tomllib.loads((folder / f"{name}.toml").read_text())
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"stages/{name}.toml cannot be read: {error}") from None
    return _filled(Stage, {"name": name, **said}, "")


def _filled(kind: type[Table], said: dict[str, Any], where: str) -> Table:
    types = get_type_hints(kind)
    for name in said:
        if name not in types:
            raise SettingsError(f"{where}{name} is no setting; known are {', '.join(types)}")
    values = {}
    for each in fields(kind):  # type: ignore[arg-type]
        wanted = types[each.name]
        if each.name in said:
            values[each.name] = _typed(wanted, said[each.name], where + each.name)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise SettingsError(f"{where}{each.name} is missing")
    return kind(**values)


def _typed(wanted: Any, value: Any, name: str) -> Any:
    if isinstance(value, dict) and hasattr(wanted, "__dataclass_fields__"):
        return _filled(wanted, value, f"{name}.")
    if wanted == list[str]:
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        raise SettingsError(f"{name} must be a list of texts, not {value!r}")
    if type(value) is not wanted:
        raise SettingsError(f"{name} must be {_in_words(wanted)}, not {value!r}")
    return value


def _in_words(wanted: Any) -> str:
    return {bool: "true or false", int: "a whole number", str: "a text"}.get(wanted, "a table")
