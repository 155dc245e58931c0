METRICS <- c(
  sessions = "Sessions", visitors = "Visitors", orders = "Orders", revenue = "Revenue", conversion = "Conversion",
  average = "Average order", bounce = "Bounce rate"
)
METRIC_VALUES <- c(
  sessions = "number", visitors = "number", orders = "number", revenue = "money", conversion = "percent",
  average = "money", bounce = "percent"
)

mod_overview_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "How the shop does, against the time before.",
    tags$div(class = "tiles wide", uiOutput(ns("tiles"), class = "tile-row")),
    panel_ui(ns("trend"), "Trend", "Choose a number above to see it day by day.", size = "wide", height = 320),
    panel_ui(ns("events"), "Events by name", "What visitors did. Not split by channel or device."),
    panel_ui(ns("login"), "Events by log-in state", "Who did it. Not split by channel or device."),
    panel_ui(
      ns("pages"), "Top pages", "Views, and where sessions began and ended. All visitors.", size = "wide", height = 360
    )
  )
}

mod_overview_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    now <- reactive(measures_of(sessions_by_day(ask, filters())))
    before <- reactive(if (!is.null(filters()$compared)) measures_of(sessions_by_day(ask, compared(filters()))))
    visitors <- reactive(visitors_of_period(ask, filters()))
    visitors_before <- reactive(if (!is.null(filters()$compared)) visitors_of_period(ask, compared(filters())))

    # Visitors of one day: the same person counts on each of her days.
    visitors_daily <- reactive(visitors_by_day(ask, filters()))
    course_of <- function(metric) if (metric == "visitors") visitors_daily()$visitors else now()[[metric]]

    output$tiles <- renderUI({
      totals <- c(totals_of(now()), visitors = visitors())
      totals_before <- if (!is.null(before())) c(totals_of(before()), visitors = visitors_before())
      tagList(lapply(names(METRICS), function(metric) {
        tile(
          metric, METRICS[[metric]], METRIC_VALUES[[metric]], totals[[metric]],
          if (!is.null(totals_before)) totals_before[[metric]], course_of(metric),
          is_chosen = metric == isolate(filters()$metric), is_better_less = metric == "bounce"
        )
      }))
    })

    trend <- reactive({
      metric <- filters()$metric
      days <- if (metric == "visitors") visitors_daily() else now()
      days_before <- if (metric == "visitors" && !is.null(filters()$compared)) {
        visitors_by_day(ask, compared(filters()))
      } else {
        before()
      }
      data.frame(
        activity_date = days$activity_date, now = days[[metric]],
        before = if (is.null(days_before)) NA_real_ else days_before[[metric]]
      )
    })
    panel_server(
      "trend", trend,
      columns = function() {
        number <- columns_of_values(METRIC_VALUES[[filters()$metric]])
        list(activity_date = day_column("Day"), now = number(METRICS[[filters()$metric]]), before = number("Before"))
      },
      chart = function(days) {
        metric <- METRICS[[filters()$metric]]
        lines <- c(now = metric, before = if (!all(is.na(days$before))) "Period before")
        line_chart(
          days, "activity_date", lines, paste(metric, "by day"), METRIC_VALUES[[filters()$metric]],
          dashed = "before", area = TRUE
        )
      }
    )
    panel_server(
      "events", reactive(events_by_name(ask, filters())),
      columns = list(event_name = text_column("Event"), event_count = number_column("Events")),
      chart = function(events) {
        bar_chart(utils::head(events, 12), "event_name", c(event_count = "Events"), "Events by name")
      }
    )
    panel_server(
      "login", reactive(events_by_login_state(ask, filters())),
      columns = list(
        activity_date = day_column("Day"), user_login_state = text_column("Log-in state"),
        event_count = number_column("Events")
      ),
      chart = function(events) {
        stacked_chart(events, "activity_date", "user_login_state", "event_count", "Events by day and log-in state")
      }
    )
    panel_server(
      "pages", reactive(top_pages(ask, filters())),
      columns = list(
        page_path = text_column("Page"), view_count = number_column("Views"),
        entry_count = number_column("Sessions began"), exit_count = number_column("Sessions ended")
      ),
      chart = function(pages) {
        bar_chart(
          utils::head(pages, 10), "page_path",
          c(view_count = "Views", entry_count = "Sessions began", exit_count = "Sessions ended"),
          "The most viewed pages"
        )
      }
    )
  })
}

# Additive measures, and the rates that follow from them; a rate over zero is unknown.
measures_of <- function(days) {
  transform(
    days,
    sessions = session_count, orders = order_count,
    conversion = share_of(converted_count, session_count),
    average = share_of(revenue, order_count),
    bounce = share_of(bounce_count, session_count)
  )
}

totals_of <- function(days) {
  sums <- colSums(days[c("session_count", "converted_count", "bounce_count", "order_count", "revenue")])
  measures <- measures_of(as.data.frame(as.list(sums)))
  unlist(measures[c("sessions", "orders", "revenue", "conversion", "average", "bounce")])
}
