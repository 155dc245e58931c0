# Times every question that the dashboards' pages ask, in several periods, with and without filters, each twice.
# Prints one line of CSV for each answer: page, question, period, filter, milliseconds.

library(shiny)
app <- commandArgs(trailingOnly = TRUE)[[1]]
for (file in list.files(file.path(app, "R"), pattern = "[.]R$", full.names = TRUE)) source(file)

PERIODS_ASKED <- c("1d", "7d", "28d", "90d", "365d", "all")
REPETITIONS <- 2

last <- last_load(ask_warehouse)
first <- as.Date(first_day(ask_warehouse))
data <- list(
  first_day = first, last_day = as.Date(last$as_of_date), last_whole_day = last_whole_day(last$last_event_at, first),
  choices = choices(ask_warehouse)
)
one_order <- ask_warehouse("select order_key, visitor_id from marts.orders order by ordered_at desc limit 1")

FILTERS <- list(
  none = list(),
  channel = list(channel = data$choices$channel[1], device = data$choices$device[1], metric = "visitors"),
  chosen = list(
    category = data$choices$category[1], node = data$choices$node[1], segment = data$choices$segment[1],
    event = data$choices$event[1], grain = "week", measure = "revenue", search = "a", count = "open",
    find = "visitor", id = one_order$visitor_id
  ),
  order = list(find = "order", id = one_order$order_key, grain = "hour", direction = "back", by = "device_type")
)

timed <- function(page, period, filter) {
  function(sql, values = list()) {
    question <- deparse(sys.call(-1)[[1]])[1]
    started <- proc.time()[["elapsed"]]
    answer <- ask_warehouse(sql, values)
    cat(sprintf("%s,%s,%s,%s,%.1f\n", page, question, period, filter, 1000 * (proc.time()[["elapsed"]] - started)))
    answer
  }
}

for (page in names(PAGES)) {
  server <- match.fun(paste0("mod_", page, "_server"))
  for (period in PERIODS_ASKED) {
    for (filter in names(FILTERS)) {
      said <- filters_of(c(FILTERS[[filter]], period = period, page = page), data)
      for (repetition in seq_len(REPETITIONS)) {
        arguments <- list(id = page, filters = reactive(said), ask = timed(page, period, filter))
        testServer(server, args = arguments, session$flushReact())
      }
    }
  }
}
