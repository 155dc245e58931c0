# A chart on the page. www/chart.js draws what the functions of charts.R describe.

chart_output <- function(id, height) {
  tags$div(id = id, class = "chart", style = paste0("height:", height, "px"))
}

render_chart <- function(describe) {
  shiny::markRenderFunction(chart_output, function(...) describe())
}
