mod_health_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "Whether the data is whole and on time. Bots count here.",
    panel_ui(
      ns("received"), "Received", "Events by hour of receipt; by day in periods of more than two weeks.", size = "wide"
    ),
    panel_ui(ns("lag"), "Lag", "The longest time from receipt to the warehouse."),
    panel_ui(ns("refused"), "Sent twice, rejected, without a name", "Received, but not counted anywhere else."),
    panel_ui(
      ns("reasons"), "Rejected, by reason",
      "By when they were loaded. Each stands in marts.quarantined_events, with what is wrong."
    ),
    panel_ui(ns("late"), "Late data", "Share of each day's events that came after the day was closed."),
    panel_ui(ns("settled"), "Settled days", "What is settled does not change any more.", has_chart = FALSE),
    panel_ui(
      ns("fields"), "Fields",
      "On the last whole day of the period: how often empty, and how often sent but not usable.",
      has_chart = FALSE
    ),
    panel_ui(
      ns("names"), "Unknown event names",
      "Give them a meaning in the seed event_names, or mend the page that misspells one.",
      has_chart = FALSE
    ),
    panel_ui(
      ns("history"), "Load history", "By when events were received, the newest first.", size = "wide",
      has_chart = FALSE
    )
  )
}

mod_health_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    received <- reactive(receipts(ask, filters()))
    days <- reactive(late_days(ask, filters()))
    in_order <- function(receipts) receipts[rev(seq_len(nrow(receipts))), ]

    panel_server(
      "received", received, RECEIPT_COLUMNS[c("received", "event_count", "object_count")],
      function(receipts) {
        line_chart(in_order(receipts), "received", c(event_count = "Events"), "Events by receipt", area = TRUE)
      }
    )
    panel_server(
      "lag", received, RECEIPT_COLUMNS[c("received", "lag_seconds")],
      function(receipts) {
        line_chart(in_order(receipts), "received", c(lag_seconds = "Longest lag"), "Lag by receipt", "seconds")
      }
    )
    panel_server(
      "refused", received, RECEIPT_COLUMNS[c("received", "duplicate_count", "rejected_count", "nameless_count")],
      function(receipts) {
        column_chart(in_order(receipts), "received", c(
          duplicate_count = "Sent twice", rejected_count = "Rejected", nameless_count = "Without a name"
        ), "Events that are not analysed, by receipt", stack = TRUE)
      }
    )
    panel_server(
      "reasons", reactive(rejects_by_reason(ask, filters())),
      list(
        reason = column("Reason", as_words, FALSE), document_count = number_column("Documents"),
        newest = time_column("Newest")
      ),
      function(reasons) bar_chart(reasons, "reason", c(document_count = "Documents"), "Rejected documents by reason"),
      empty = "Nothing was rejected."
    )
    panel_server(
      "late", days,
      list(
        activity_date = day_column("Day"), event_count = number_column("Events"),
        late_event_count = number_column("Late"), late_share = percent_column("Share")
      ),
      function(days) {
        line_chart(
          days, "activity_date", c(late_share = "Late"), "Share of late events by day", "percent", area = TRUE
        )
      }
    )
    panel_server(
      "settled", reactive(days()[rev(seq_len(nrow(days()))), c("activity_date", "is_settled", "event_count")]),
      list(
        activity_date = day_column("Day"), event_count = number_column("Events"),
        is_settled = column("Numbers", function(is_settled) ifelse(is_settled, "settled", "may still change"), FALSE)
      )
    )
    panel_server("fields", reactive(fields(ask, filters())), list(
      field = text_column("Field"), null_share = percent_column("Empty"),
      null_share_week_before = percent_column("Week before"), flag_count = number_column("Not usable")
    ))
    panel_server(
      "names", reactive(unknown_names(ask)),
      list(
        event_name = text_column("Name"), event_count = number_column("Events"),
        visitor_count = number_column("Visitors"), last_seen_at = time_column("Last seen")
      ),
      empty = "All names are known."
    )
    panel_server("history", received, RECEIPT_COLUMNS)
  })
}

RECEIPT_COLUMNS <- list(
  received = time_column("Received"), load_count = number_column("Loads"), object_count = number_column("Requests"),
  event_count = number_column("Events"), rejected_count = number_column("Rejected"),
  nameless_count = number_column("Without a name"), duplicate_count = number_column("Sent twice"),
  late_count = number_column("Late"), lag_seconds = seconds_column("Longest lag")
)
