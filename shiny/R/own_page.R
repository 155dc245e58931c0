# Any page that a browser has open may connect to this machine: only our own is answered, at a name that is ours.

OWN_HOSTS <- c("127.0.0.1", "localhost")

is_own_page <- function(request) {
  host <- if (is.null(request$HTTP_HOST)) "" else request$HTTP_HOST
  is_own_host <- sub(":\\d+$", "", host) %in% own_hosts()
  is_own_host && (is.null(request$HTTP_ORIGIN) || sub("^https?://", "", request$HTTP_ORIGIN) == host)
}

# Where they stand behind another name, DASHBOARD_HOSTS says it; several are told apart by commas.
own_hosts <- function() {
  c(OWN_HOSTS, strsplit(Sys.getenv("DASHBOARD_HOSTS"), ",", fixed = TRUE)[[1]])
}
