mod_events_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "The latest events as they were cleaned, and those of one visitor or order.",
    own_controls = tagList(
      choice_control("find", "Find a", given = c(visitor = "Visitor", event = "Event", order = "Order")),
      text_control("id", "Its id")
    ),
    panel_ui(ns("events"), "Events", size = "wide", has_chart = FALSE),
    tags$div(class = "wide", uiOutput(ns("pager"))),
    panel_ui(
      ns("fields"), "All fields of the event", "Find an event by its id to see them.", size = "wide", has_chart = FALSE
    )
  )
}

mod_events_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    events <- reactive(events_found(ask, filters()))
    panel_server(
      "events", events, EVENT_COLUMNS,
      empty = "No events are found. An id must be given in full, and a period must have events."
    )
    output$pager <- renderUI({
      req(nrow(events()) > 0)
      pager(filters()$before, events())
    })
    chosen <- reactive(if (filters()$find == "event") filters()$id else "")
    panel_server(
      "fields", reactive(fields_of_event(ask, chosen())),
      list(field = text_column("Field"), value = text_column("Value")),
      empty = "Choose an event above."
    )
  })
}

events_found <- function(ask, filters) {
  if (filters$id == "") return(latest_events(ask, filters))
  switch(filters$find,
    event = event_of_id(ask, filters),
    order = events_of_order(ask, filters),
    events_of_visitor(ask, filters)
  )
}

EVENT_COLUMNS <- list(
  happened_at = time_column("When"), event_name = link_column("Event", "event", "event_id"),
  visitor_id = link_column("Visitor", "visitor"), page_path = text_column("Page"), about = text_column("About"),
  order_id = link_column("Order", "order"), order_total = money_column("Total"), device_type = text_column("Device"),
  is_bot = column("Bot", function(is_bot) ifelse(is_bot, "bot", ""), FALSE), quality_flags = text_column("Flags")
)

# Newest first; "older" begins before the last event that is shown.
pager <- function(before, events) {
  last <- events[nrow(events), ]
  tags$nav(
    class = "pager", `aria-label` = "Pages of events",
    if (before != "") tags$a(class = "tool", href = "#", `data-go` = "before=", "Newest"),
    if (nrow(events) == EVENTS_SHOWN) {
      position <- go_query(before = paste0(last$instant, "~", last$event_id))
      tags$a(class = "tool", href = "#", `data-go` = position, "Older")
    }
  )
}
