# One connection for this process, opened when first needed and anew after it broke.

warehouse <- new.env()
loadNamespace("RPostgreSQL")
RETRY_AFTER_SECONDS <- 2

SENTENCES <- c(
  unreachable = "The warehouse cannot be reached. This page tries again every few seconds.",
  missing = "This table has not been built yet: run `dbt build`.",
  slow = "This took too long. Choose a shorter period, or try again later.",
  refused = "The warehouse could not answer this question; its log says why."
)

# Asks with names in braces, which are bound, never pasted: ask("... where activity_date >= {from}::date", filters)
ask_warehouse <- function(sql, values = list()) {
  # Of two values of one name, R would silently take the first.
  stopifnot(anyDuplicated(names(values)) == 0)
  names <- unique(regmatches(sql, gregexpr("(?<=\\{)[a-z_]+(?=\\})", sql, perl = TRUE))[[1]])
  for (place in seq_along(names)) {
    sql <- gsub(paste0("{", names[place], "}"), paste0("$", place), sql, fixed = TRUE)
  }
  parameters <- lapply(names, function(name) as_parameter(values[[name]], name))
  fetch(sql, parameters)
}

# The driver sends text; SQL casts it. What is not there is an empty text.
as_parameter <- function(value, name) {
  if (is.null(value) || length(value) != 1 || is.na(value)) stop("no value for {", name, "}")
  enc2utf8(as.character(value))
}

fetch <- function(sql, parameters) {
  was_connected <- !is.null(warehouse$connection)
  tryCatch(fetch_once(sql, parameters), error = function(problem) {
    # An answer to the simplest question tells a broken statement from a broken connection.
    if (is_connected()) stop(warehouse_error(kind_of(problem), problem))
    disconnect()
    if (!was_connected) stop(warehouse_error("unreachable", problem))
    tryCatch(fetch_once(sql, parameters), error = function(problem) {
      kind <- if (is_connected()) kind_of(problem) else "unreachable"
      stop(warehouse_error(kind, problem))
    })
  })
}

fetch_once <- function(sql, parameters) {
  open <- connection()
  result <- DBI::dbSendQuery(open, sql, parameters)
  on.exit(DBI::dbClearResult(result))
  DBI::dbFetch(result, n = -1)
}

kind_of <- function(problem) {
  said <- conditionMessage(problem)
  if (grepl("statement timeout", said, fixed = TRUE)) return("slow")
  if (grepl("(relation|schema|column) .* does not exist", said)) return("missing")
  "refused"
}

# Shown as it is, although other errors are hidden from the reader.
warehouse_error <- function(kind, problem) {
  message(format(Sys.time()), " ", trimws(gsub("\\s+", " ", conditionMessage(problem))))
  structure(
    class = c("warehouse_error", "shiny.custom.error", "error", "condition"),
    list(message = SENTENCES[[kind]], call = NULL, kind = kind)
  )
}

connection <- function() {
  if (is.null(warehouse$connection)) {
    # Every panel of a page asks: where the first could not connect, the others need not wait as long.
    if (!is.null(warehouse$failed_at) && Sys.time() - warehouse$failed_at < RETRY_AFTER_SECONDS) {
      stop("no connection a moment ago")
    }
    warehouse$connection <- tryCatch(connect(), error = function(problem) {
      warehouse$failed_at <- Sys.time()
      stop(problem)
    })
  }
  warehouse$connection
}

connect <- function() {
  settings <- settings_of_environment()
  Sys.setenv(
    PGAPPNAME = "clickmart dashboards",
    PGCONNECT_TIMEOUT = "3",
    PGSSLMODE = settings$sslmode,
    PGSSLROOTCERT = settings$root_certificate,
    PGTZ = "UTC"
  )
  DBI::dbConnect(
    RPostgreSQL::PostgreSQL(),
    host = settings$host, port = settings$port, user = settings$user,
    password = settings$password, dbname = with_time_limits(settings$database)
  )
}

# A host that went silent would otherwise be waited for without end.
with_time_limits <- function(database) {
  quoted <- gsub("(['\\\\])", "\\\\\\1", database)
  sprintf("dbname='%s' tcp_user_timeout=8000 keepalives_idle=10 keepalives_interval=5 keepalives_count=2", quoted)
}

is_connected <- function() {
  !is.null(warehouse$connection) &&
    tryCatch(nrow(fetch_once("select 1", list())) == 1, error = function(problem) FALSE)
}

disconnect <- function() {
  if (!is.null(warehouse$connection)) try(DBI::dbDisconnect(warehouse$connection), silent = TRUE)
  warehouse$connection <- NULL
}

settings_of_environment <- function() {
  value <- function(name, default = NULL) {
    given <- Sys.getenv(name, unset = NA)
    if (!is.na(given) && nzchar(given)) return(given)
    if (is.null(default)) stop("the dashboards need ", name, " in their environment", call. = FALSE)
    default
  }
  root_certificate <- value("DW_PG_SSL_ROOT_CERT", "")
  sslmode <- if (tolower(value("DW_PG_SSL", "false")) != "true") {
    "prefer"
  } else if (nzchar(root_certificate)) {
    "verify-full"
  } else {
    "require"
  }
  list(
    host = value("DW_PG_HOST"),
    port = as.integer(value("DW_PG_PORT", "5432")),
    user = value("DW_PG_USER"),
    password = value("DW_PG_PASSWORD", ""),
    database = value("DW_PG_DATABASE", "clickstream_dw"),
    sslmode = sslmode,
    root_certificate = root_certificate
  )
}
