# What the address may say, and what becomes of it. Everything else in it is ignored.

PAGES <- c(
  overview = "Overview", trends = "Trends", journeys = "Journeys", funnel = "Funnel", products = "Products",
  marketing = "Marketing", customers = "Customers", experiments = "Experiments", anomalies = "Anomalies",
  health = "Health", events = "Events"
)

# Words of ours, with the one that holds where nothing valid is said first.
WORDS <- list(
  page = names(PAGES),
  compare = names(COMPARISONS),
  metric = c("sessions", "visitors", "orders", "revenue", "conversion", "average", "bounce"),
  grain = c("day", "hour", "week"),
  direction = c("forward", "back"),
  depth = c("3", "1", "2", "4", "5"),
  share = c("1", "0", "2", "5", "10"),
  by = c("channel", "device_type", "user_login_state"),
  count = c("closed", "open"),
  sort = c("revenue", "views", "converting", "not-converting", "abandoned"),
  cohort = c("first_order", "first_visit"),
  measure = c("retained", "revenue"),
  find = c("visitor", "event", "order")
)

# Words of the data are those that the warehouse offers. Of these one is always meant, of the others none may be.
ALWAYS_CHOSEN <- c("funnel", "experiment", "signal")

# Free text, bound as a parameter wherever it goes.
MAX_TEXT <- c(search = 200L, id = 1000L, before = 1000L)

# `query` is a list of what the address says; `data` tells the days there are and the choices.
filters_of <- function(query, data) {
  said <- lapply(Filter(is_text, as.list(query)), enc2utf8)
  words <- lapply(setNames(nm = names(WORDS)), function(name) one_of(said[[name]], WORDS[[name]]))
  choices <- lapply(setNames(nm = names(CHOICE_QUERIES)), function(name) {
    one_of(said[[name]], c(if (!name %in% ALWAYS_CHOSEN) "", data$choices[[name]], ""))
  })
  texts <- lapply(setNames(nm = names(MAX_TEXT)), function(name) {
    if (is.null(said[[name]])) "" else substr(trimws(said[[name]]), 1, MAX_TEXT[[name]])
  })
  days <- days_of(said, data, usual = if (words$page == "events") "all" else DEFAULT_PERIOD)
  c(words, choices, texts, days, list(
    compared = compared_days(words$compare, days$from, days$to, data$first_day, data$last_whole_day)
  ))
}

page_said <- function(query) {
  said <- as.list(query)[["page"]]
  one_of(if (is_text(said)) said, WORDS$page)
}

days_of <- function(said, data, usual = DEFAULT_PERIOD) {
  if (all(vapply(said[c("from", "to")], function(day) !is.null(day) && is_day(day), NA))) {
    days <- sort(pmin(pmax(as.Date(unlist(said[c("from", "to")])), data$first_day), data$last_day))
    return(list(from = days[[1]], to = days[[2]]))
  }
  period <- one_of(said$period, c(usual, names(PERIODS)))
  period_days(period, data$first_day, data$last_day, data$last_whole_day)
}

one_of <- function(value, known) {
  if (!is.null(value) && value %in% known) value else known[1]
}

is_text <- function(value) {
  is.character(value) && length(value) == 1 && !is.na(value) && validUTF8(value) && nchar(value) <= 2 * max(MAX_TEXT)
}

# The same question about the days that are compared with.
compared <- function(filters) {
  if (is.null(filters$compared)) return(NULL)
  modifyList(filters, filters$compared)
}
