# A panel: a question with its chart, the same as a table, and as CSV. It waits, says why it is empty, and why
# it has no answer.

EMPTY <- "There is nothing in this period. Choose a longer one, or fewer filters."

panel_ui <- function(id, title, about = NULL, size = "half", height = 300, controls = NULL, has_chart = TRUE) {
  ns <- NS(id)
  tags$section(
    class = paste("panel", size), `aria-labelledby` = ns("title"),
    tags$header(
      tags$h2(id = ns("title"), title),
      tags$div(
        class = "panel-tools",
        controls,
        if (has_chart) {
          tags$button(
            type = "button", class = "tool", `data-table` = ns("table"), `aria-pressed` = "false",
            "Table", tags$span(class = "unseen", paste("of", title))
          )
        },
        tags$a(
          id = ns("csv"), class = "shiny-download-link tool", href = "", download = NA,
          "CSV", tags$span(class = "unseen", paste("of", title))
        )
      )
    ),
    if (!is.null(about)) tags$p(class = "note", about),
    if (has_chart) chart_output(ns("chart"), height),
    tags$div(class = "panel-table", hidden = if (has_chart) NA, uiOutput(ns("table")))
  )
}

# `data` is a reactive data frame, `chart` a function that makes a chart of it, `columns` those of its table; `all` asks
# for what the CSV has, where that is more than is shown.
panel_server <- function(id, data, columns, chart = NULL, empty = EMPTY, on_click = NULL, all = data) {
  stopifnot(is.reactive(data))
  moduleServer(id, function(input, output, session) {
    shown <- reactive({
      validate(need(nrow(data()) > 0, empty))
      data()
    })
    if (!is.null(chart)) output$chart <- render_chart(function() chart(shown()))
    output$table <- renderUI(html_table(shown(), resolve(columns), session$ns("title")))
    output$csv <- downloadHandler(
      filename = function() paste0("clickmart-", session$ns(NULL), ".csv"),
      content = function(file) write_csv(all(), file)
    )
    outputOptions(output, "csv", suspendWhenHidden = FALSE)
    if (!is.null(on_click)) {
      # What is clicked in a chart is no reason to end a session.
      observeEvent(input$chart_click, if (is_text(input$chart_click)) {
        tryCatch(on_click(input$chart_click), error = function(problem) NULL)
      })
    }
  })
}

# Columns may depend on what is shown.
resolve <- function(columns) if (is.function(columns)) columns() else columns

# Follows a click: the address changes, and with it everything that is shown.
go_to <- function(...) getDefaultReactiveDomain()$sendCustomMessage("go", list(...))

# A sentence beside a panel. Where there is no answer, the panel says why; not the sentence, too.
quiet_text <- function(sentence) {
  nothing <- function(problem) ""
  renderText(tryCatch(sentence(), warehouse_error = nothing, shiny.silent.error = nothing))
}
