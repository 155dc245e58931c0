# The app's own functions, and the warehouse of the environment: nothing is imitated.

library(shiny)
options(shiny.sanitize.errors = TRUE, scipen = 999)
APP <- normalizePath(file.path("..", ".."))
for (file in list.files(file.path(APP, "R"), pattern = "[.]R$", full.names = TRUE)) source(file)

# The filters of an address, as the page would have them.
filters_said <- function(...) {
  last <- last_load(ask_warehouse)
  first <- as.Date(first_day(ask_warehouse))
  filters_of(list(...), list(
    first_day = first, last_day = as.Date(last$as_of_date), last_whole_day = last_whole_day(last$last_event_at, first),
    choices = choices(ask_warehouse)
  ))
}

# One value, or one column, of a query of the test's own.
value_of <- function(sql, values = list()) ask_warehouse(sql, values)[[1]]
