# Tables as plain HTML, which every screen reader knows, and as CSV.

MAX_SHOWN <- 200L

html_table <- function(data, columns, caption = NULL) {
  shown <- utils::head(data, MAX_SHOWN)
  cells <- lapply(names(columns), function(name) {
    column <- columns[[name]]
    if (is.null(column$link)) column$format(shown[[name]]) else column$link(shown, name)
  })
  sides <- vapply(columns, function(column) {
    if (column$is_number) "number" else if (isTRUE(column$is_one_line)) "one-line" else "text"
  }, "")
  tagList(
    tags$div(
      class = "table-scroll", tabindex = "0", role = "region", `aria-label` = caption,
      tags$table(
        tags$thead(tags$tr(Map(
          function(column, side) tags$th(scope = "col", class = side, column$title),
          unname(columns), sides
        ))),
        tags$tbody(lapply(seq_len(nrow(shown)), function(row) {
          tags$tr(Map(function(cell, side) tags$td(class = side, cell[[row]]), cells, unname(sides)))
        }))
      )
    ),
    if (nrow(data) > MAX_SHOWN) {
      tags$p(class = "note", sprintf(
        "The first %s of %s rows; the CSV has all.", format_number(MAX_SHOWN), format_number(nrow(data))
      ))
    }
  )
}

# A text that a spreadsheet would take for a formula is marked as text.
write_csv <- function(data, file) {
  safe <- lapply(data, function(values) {
    if (!is.character(values)) return(values)
    ifelse(grepl("^[=+@\t\r-]", values), paste0("'", values), values)
  })
  utils::write.csv(
    as.data.frame(safe, check.names = FALSE), file, row.names = FALSE, na = "", fileEncoding = "UTF-8"
  )
}
