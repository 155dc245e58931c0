# What a session follows: the warehouse, as it grows, goes away and comes back; and the address of its page.

NEWS_SECONDS <- 15
TOO_SLOW_SECONDS <- 60
RETRY_SECONDS <- 5
STALE_SECONDS <- 2 * 3600
NO_DATA <- "There is no data yet. Send some events, load them, and run `dbt build`: this page fills by itself."

# `ask` answers from memory while the data is the same. What asked it is asked again when the data is newer, and
# soon after the warehouse could not be reached.
follow_warehouse <- function() {
  version <- reactiveVal()
  polled <- reactive({
    found <- tryCatch(last_load(ask_warehouse), warehouse_error = identity)
    invalidateLater(1000 * if (is.data.frame(found)) NEWS_SECONDS else RETRY_SECONDS)
    found
  })
  observe(if (is.data.frame(polled())) version(version_of(polled())), priority = 2)

  ask <- function(sql, values = list()) {
    tryCatch(remembered(version(), sql, values), warehouse_error = function(problem) {
      is_soon_over <- problem$kind %in% c("unreachable", "missing")
      invalidateLater(1000 * if (is_soon_over) RETRY_SECONDS else TOO_SLOW_SECONDS)
      stop(problem)
    })
  }

  days <- reactive({
    version()
    last <- isolate(polled())
    if (!is.data.frame(last)) stop(last)
    validate(need(nrow(last) == 1 && nzchar(last$as_of_date), NO_DATA))
    last_day <- as.Date(last$as_of_date)
    first <- tryCatch(first_day(ask), warehouse_error = function(problem) "")
    first_day <- if (nzchar(first)) as.Date(first) else last_day - 364
    list(first_day = first_day, last_day = last_day, last_whole_day = last_whole_day(last$last_event_at, first_day))
  })
  known_choices <- reactive(tryCatch(choices(ask), warehouse_error = function(problem) list()))
  settings <- reactive(metric_settings(ask))

  list(ask = ask, polled = polled, days = days, choices = known_choices, settings = settings)
}

version_of <- function(last) paste(last$load_id, last$built)

# What every page needs is asked before anybody comes; who comes while the warehouse is away is told so.
ask_ahead <- function() {
  try(silent = TRUE, {
    version <- version_of(last_load(ask_warehouse))
    ask <- function(sql, values = list()) remembered(version, sql, values)
    first_day(ask)
    choices(ask)
    metric_settings(ask)
  })
}

# The filters of the address, and the page told what there is to filter by.
follow_address <- function(input, session, data) {
  observe({
    found <- data$choices()
    session$sendCustomMessage("choices", lapply(setNames(nm = names(found)), function(name) {
      lapply(found[[name]], function(value) list(value = value, label = choice_label(name, value)))
    }))
  })
  observe({
    settings <- tryCatch(data$settings(), error = function(problem) NULL)
    session$sendCustomMessage("currency", settings$value[settings$setting == "shop_currency"])
  })
  wanted <- reactive({
    req(input$query)
    filters_of(input$query, c(data$days(), list(choices = data$choices())))
  })
  filters <- distinct(wanted)
  observe({
    shown <- tryCatch(c(filters(), data$days()), error = function(problem) NULL)
    if (!is.null(shown)) session$sendCustomMessage("period", period_message(shown))
  })
  filters
}

choice_label <- function(name, value) {
  if (name %in% c("device", "login", "signal")) as_words(value) else value
}

period_message <- function(shown) {
  list(
    first = format(shown$first_day), last = format(shown$last_day),
    from = format(shown$from), to = format(shown$to),
    presets = lapply(periods_there(shown$first_day, shown$last_day), function(period) {
      days <- period_days(period, shown$first_day, shown$last_day, shown$last_whole_day)
      list(value = period, from = format(days$from), to = format(days$to))
    })
  )
}

# The same reactive, but news only when its value is another; what goes wrong is a value, too.
distinct <- function(source) {
  value <- reactiveVal()
  observe(value(tryCatch(source(), error = identity)), priority = 1)
  reactive({
    if (inherits(value(), "condition")) stop(value())
    req(value())
  })
}

freshness_note <- function(last) {
  if (!is.data.frame(last)) return(tags$span(class = "problem", role = "status", conditionMessage(last)))
  if (nrow(last) == 0 || last$last_event_at == "") return(tags$span("No data yet"))
  is_stale <- last$seconds_since_load > STALE_SECONDS
  tags$span(
    class = if (is_stale) "stale",
    role = if (is_stale) "status",
    sprintf("Data up to %s (%s)", last$last_event_at, last$time_zone),
    tags$span(class = "loaded", sprintf(
      "· loaded %s ago%s", format_span(last$seconds_since_load), if (is_stale) ", nothing new since" else ""
    ))
  )
}

format_span <- function(seconds) {
  minutes <- seconds %/% 60
  if (minutes < 1) return("less than a minute")
  if (minutes < 120) return(paste(minutes, if (minutes == 1) "minute" else "minutes"))
  if (minutes < 2 * 1440) return(paste(minutes %/% 60, "hours"))
  paste(minutes %/% 1440, "days")
}
