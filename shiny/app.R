# Clickmart's dashboards over marts.*: `clickmart dashboards` starts them; DW_PG_* say where the warehouse is.

library(shiny)
options(shiny.sanitize.errors = TRUE, scipen = 999)

# What is missing is said now, and not by every page.
invisible(settings_of_environment())

module <- function(page, part) match.fun(paste("mod", page, part, sep = "_"))

ask_ahead()

ui <- do.call(page_frame, unname(lapply(names(PAGES), function(page) module(page, "ui")(page))))

server <- function(input, output, session) {
  if (!is_own_page(session$request)) return(session$close())
  data <- follow_warehouse()
  filters <- follow_address(input, session, data)
  output$freshness <- renderUI(freshness_note(data$polled()))
  # A page is set up when it is first looked at: nobody waits for eleven to see one.
  begun <- character()
  observeEvent(input$query, {
    page <- page_said(input$query)
    if (page %in% begun) return()
    begun <<- c(begun, page)
    module(page, "server")(page, filters, data$ask)
    definitions_server(page, data$settings)
  })
}

onStop(disconnect)
shinyApp(ui, server)
