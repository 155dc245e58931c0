# Periods of days. "Today" is the last day of the data, so that nothing looks empty because a load is late. A number of
# days ends with the last whole one: half a day against a whole one would look like a fall.

PERIODS <- c(
  "1d" = "Latest day", "7d" = "Last 7 days", "14d" = "Last 14 days", "28d" = "Last 28 days", "90d" = "Last 90 days",
  "365d" = "Last 365 days", "month" = "This month", "last-month" = "Last month", "year" = "This year", "all" = "All"
)
DEFAULT_PERIOD <- "14d"
COMPARISONS <- c("previous" = "Previous period", "year" = "Year before", "none" = "Nothing")

# The days of a preset, cut to those that there are data of.
period_days <- function(period, first, last, last_whole = last) {
  month <- as.Date(format(last, "%Y-%m-01"))
  days <- switch(
    period,
    "month" = c(month, last),
    "last-month" = c(as.Date(format(month - 1, "%Y-%m-01")), month - 1),
    "year" = c(as.Date(format(last, "%Y-01-01")), last),
    "all" = c(first, last),
    "1d" = c(last, last),
    c(last_whole - as.integer(sub("d", "", period, fixed = TRUE)) + 1, last_whole)
  )
  list(from = max(days[1], min(first, last)), to = max(days[2], min(first, last)))
}

# The same number of days right before; or the same weekdays a year before, which shops are compared by.
# None where the data does not go back as far, or the last day is not over: half a period would look like a fall.
compared_days <- function(comparison, from, to, first, last_whole = to) {
  if (to > last_whole) return(NULL)
  back <- switch(comparison, "previous" = as.integer(to - from) + 1L, "year" = 364L, return(NULL))
  if (from - back < first) return(NULL)
  list(from = from - back, to = to - back)
}

# Those that there are days of. A month or a year that the data begins in is all that there is.
periods_there <- function(first, last) {
  begins_before <- function(beginning) first < as.Date(format(last, beginning))
  setdiff(names(PERIODS), c(
    if (!begins_before("%Y-%m-01")) c("month", "last-month"),
    if (!begins_before("%Y-01-01")) "year"
  ))
}

# A day is whole once there is something of its last hour.
last_whole_day <- function(last_event_at, first) {
  day <- as.Date(last_event_at)
  if (substr(last_event_at, 12, 13) >= "23") day else max(day - 1, first)
}

is_day <- function(text) {
  grepl("^\\d{4}-\\d{2}-\\d{2}$", text) && !is.na(as.Date(text, optional = TRUE))
}
