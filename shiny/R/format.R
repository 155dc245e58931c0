# How values are written: in tables, in tiles, beside charts. Each format also names what the charts call it.

format_number <- function(x, digits = 0) {
  written(x, function(x) formatC(x, format = "f", digits = digits, big.mark = ","))
}
format_percent <- function(x) written(x, function(x) paste0(formatC(100 * x, format = "f", digits = 1), " %"))
format_money <- function(x) format_number(x, 2)
format_amount <- function(x) format_number(x, if (is.na(x) || abs(x) >= 1000) 0 else 2)
format_day <- function(x) written(x, function(x) sub(" 0", " ", format(as.Date(x), "%a %d %b %Y")))
format_text <- function(x) ifelse(is.na(x) | x == "", NOTHING, x)
format_seconds <- function(x) {
  written(x, function(x) {
    seconds <- round(x)
    minutes <- seconds %/% 60
    ifelse(
      seconds < 60, sprintf("%d s", seconds),
      ifelse(
        minutes < 60,
        sprintf("%d min %02d s", minutes, seconds %% 60),
        sprintf("%d h %02d min", minutes %/% 60, minutes %% 60)
      )
    )
  })
}

NOTHING <- "–"

written <- function(x, how) {
  text <- rep(NOTHING, length(x))
  known <- !is.na(x)
  text[known] <- how(x[known])
  text
}

# Columns of a table: a title, how to write them, and on which side they stand.
column <- function(title, format, is_number) list(title = title, format = format, is_number = is_number)
text_column <- function(title) column(title, format_text, FALSE)
day_column <- function(title) c(column(title, format_day, FALSE), list(is_one_line = TRUE))
time_column <- function(title) c(text_column(title), list(is_one_line = TRUE))
number_column <- function(title, digits = 0) column(title, function(x) format_number(x, digits), TRUE)
percent_column <- function(title) column(title, format_percent, TRUE)
money_column <- function(title) column(title, format_money, TRUE)
seconds_column <- function(title) column(title, format_seconds, TRUE)

# Leads to the events of what the cell names, or of another column of its row.
link_column <- function(title, find, id_column = NULL) {
  link <- function(data, name) {
    ids <- data[[if (is.null(id_column)) name else id_column]]
    queries <- vapply(ids, function(id) go_query(page = "events", find = find, id = id), "")
    text <- htmltools::htmlEscape(format_text(data[[name]]))
    there <- htmltools::htmlEscape(queries, attribute = TRUE)
    links <- sprintf('<a href="?%s" data-go="%s&amp;before=">%s</a>', there, there, text)
    ifelse(is.na(ids) | ids == "", NOTHING, links)
  }
  c(text_column(title), list(link = link))
}

go_query <- function(...) {
  said <- c(...)
  paste(names(said), vapply(said, utils::URLencode, "", reserved = TRUE), sep = "=", collapse = "&")
}

share_of <- function(part, whole) part / ifelse(whole > 0, whole, NA_real_)

# logged_in becomes Logged in; what a person named stays as it is.
as_words <- function(name) {
  words <- gsub("_", " ", name, fixed = TRUE)
  paste0(toupper(substr(words, 1, 1)), substring(words, 2))
}
