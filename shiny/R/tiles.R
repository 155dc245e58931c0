# A number with its change and its course; pressing it shows it day by day.

tile <- function(name, title, values, now, before, course, is_chosen, is_better_less = FALSE) {
  tags$button(
    type = "button", class = "tile", `data-param` = "metric", `data-first` = WORDS$metric[1], value = name,
    `aria-pressed` = if (is_chosen) "true" else "false",
    tags$span(class = "tile-title", title),
    tags$span(class = "tile-value", if (values == "money") format_amount(now) else format_of_values(values)(now)),
    change_mark(now, before, values == "percent", is_better_less),
    sparkline(course)
  )
}

# Rates change by points, all else by a share.
change_mark <- function(now, before, is_rate, is_better_less) {
  change <- if (is.null(before)) NA_real_ else if (is_rate) now - before else share_of(now - before, before)
  if (is.na(change)) return(tags$span(class = "change none", "no comparison"))
  direction <- if (abs(change) < 0.0005) "same" else if (xor(change > 0, is_better_less)) "better" else "worse"
  tags$span(
    class = paste("change", direction),
    if (direction != "same") tags$span(`aria-hidden` = "true", if (change > 0) "\u25b2" else "\u25bc"),
    if (direction != "same") tags$span(class = "unseen", if (change > 0) "up" else "down"),
    paste0(formatC(abs(100 * change), format = "f", digits = 1), if (is_rate) " points" else " %")
  )
}

format_of_values <- function(values) {
  switch(values, money = format_money, percent = format_percent, seconds = format_seconds, format_number)
}

columns_of_values <- function(values) {
  switch(values, money = money_column, percent = percent_column, seconds = seconds_column, number_column)
}

# A line without axes, small enough to stand in a tile.
sparkline <- function(values) {
  if (length(values) < 2 || all(is.na(values))) return(NULL)
  span <- range(values, na.rm = TRUE)
  height <- if (diff(span) == 0) rep(0.5, length(values)) else (values - span[1]) / diff(span)
  known <- !is.na(values)
  points <- sprintf("%.1f,%.1f", (seq_along(values) - 1) / (length(values) - 1) * 100, 26 - 24 * height)[known]
  tags$svg(
    class = "sparkline", viewBox = "0 0 100 28", preserveAspectRatio = "none", `aria-hidden` = "true",
    tags$polyline(points = paste(points, collapse = " "))
  )
}
