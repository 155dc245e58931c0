# Tables as plain HTML, which every screen reader knows, and as CSV.

MAX_SHOWN <- 200L

# Written in one go: two hundred rows of tags would take longer than their question.
html_table <- function(data, columns, title_id = NULL) {
  shown <- utils::head(data, MAX_SHOWN)
  heads <- vapply(columns, function(column) {
    sprintf('<th scope="col" class="%s">%s</th>', side_of(column), htmltools::htmlEscape(column$title))
  }, "")
  cells <- lapply(names(columns), function(name) {
    column <- columns[[name]]
    text <- if (is.null(column$link)) htmltools::htmlEscape(column$format(shown[[name]])) else column$link(shown, name)
    sprintf('<td class="%s">%s</td>', side_of(column), text)
  })
  rows <- paste0("<tr>", do.call(paste0, cells), "</tr>", collapse = "\n")
  table <- HTML(paste0(
    "<table><thead><tr>", paste(heads, collapse = ""), "</tr></thead>\n<tbody>", rows, "</tbody></table>"
  ))
  tagList(
    tags$div(class = "table-scroll", tabindex = "0", role = "region", `aria-labelledby` = title_id, table),
    if (nrow(data) > MAX_SHOWN) {
      tags$p(class = "note", sprintf(
        "The first %s of %s rows; the CSV has all.", format_number(MAX_SHOWN), format_number(nrow(data))
      ))
    }
  )
}

side_of <- function(column) {
  if (column$is_number) "number" else if (isTRUE(column$is_one_line)) "one-line" else "text"
}

# Behind a tab or a line break some spreadsheets go on reading.
FORMULA <- "^\\s*[=+@|\uff1d\uff0b\uff20\uff0d-]|^[\t\r\n]"

# A text that a spreadsheet would take for a formula is marked as text.
write_csv <- function(data, file) {
  safe <- lapply(data, function(values) {
    if (!is.character(values)) return(values)
    ifelse(grepl(FORMULA, values), paste0("'", values), values)
  })
  # The mark at the beginning tells spreadsheets that this is UTF-8.
  output <- file(file, "w", encoding = "UTF-8")
  on.exit(close(output))
  cat("\ufeff", file = output)
  utils::write.csv(as.data.frame(safe, check.names = FALSE), output, row.names = FALSE, na = "")
}
