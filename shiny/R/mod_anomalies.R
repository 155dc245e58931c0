mod_anomalies_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "Hours and days that are unlike those before. Up to the newest data, whatever the period.",
    own_controls = tagList(
      choice_control("signal", "What"),
      switch_control("grain", "Show by", c(day = "90 days", hour = "8 days by hour"))
    ),
    panel_ui(
      ns("band"), "What happened, and what was to be expected",
      "The band is the room that chance and habit leave. Where there is none, there was too little to compare with.",
      size = "wide", height = 380
    ),
    panel_ui(ns("list"), "Everything unusual", "Of all kinds, the newest first.", size = "wide", has_chart = FALSE)
  )
}

mod_anomalies_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    values <- reactive(if (filters()$signal == "revenue") "money" else "number")
    panel_server(
      "band", reactive(periods_judged(ask, filters())),
      columns = function() {
        number <- columns_of_values(values())
        list(
          period = time_column("Begins"), actual = number("Actual"), expected = number("Expected"),
          lower = number("At least"), upper = number("At most"), severity = column("Verdict", as_words, FALSE)
        )
      },
      chart = function(periods) {
        periods$is_unusual <- periods$severity %in% c("warning", "critical")
        band_chart(
          periods, "period", "actual", "lower", "upper", "is_unusual",
          paste(as_words(filters()$signal), "with the band of what was to be expected"), values()
        )
      }
    )
    panel_server(
      "list", reactive(unusual_periods(ask)),
      columns = list(
        period = time_column("Begins"), grain = column("Period", as_words, FALSE),
        metric = column("What", as_words, FALSE),
        severity = column("Verdict", as_words, FALSE), actual = number_column("Actual"),
        expected = number_column("Expected", 1), deviation = number_column("How unusual", 1)
      ),
      empty = "Nothing unusual. That is what most days should look like."
    )
  })
}
