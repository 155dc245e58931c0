"""An address without what its parameters tell of a person. Nothing here changes where dbt sees it lead."""

# What dbt reads from a query. The values of all others go; their names stay: some tell of a paid click.
KEPT_PARAMETERS = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})
ERASED = "erased"


def without_parameters(url: str) -> str:
    address, has_query, query = url.partition("#")[0].partition("?")
    return without_login(address) + has_query + "&".join(map(without_value, query.split("&")))


def without_value(parameter: str) -> str:
    name, has_value, value = parameter.partition("=")
    if name in KEPT_PARAMETERS or not (value or name):
        return parameter
    if not has_value:
        return ERASED
    return name + has_value + (ERASED if value else "")


def without_login(address: str) -> str:
    scheme, has_host, rest = address.partition("://")
    if not has_host or address.startswith("/"):
        return address
    authority, slash, path = rest.partition("/")
    return scheme + has_host + authority.rpartition("@")[2] + slash + path
