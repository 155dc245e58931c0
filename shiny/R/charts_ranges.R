# Charts of where a number may lie: the band of what was to be expected, the interval of what was measured.

# What was to be expected as a band, what happened as a line, what was unusual as dots.
band_chart <- function(data, x, actual, lower, upper, flagged, about, values = "number") {
  places <- array_of(as.character(data[[x]]))
  invisible_line <- list(
    type = "line", stack = "band", showSymbol = FALSE, lineStyle = list(opacity = 0), silent = TRUE
  )
  chart(about, list(
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = places, boundaryGap = FALSE),
    yAxis = list(type = "value"),
    series = list(
      modifyList(invisible_line, list(name = "At least", data = array_of(data[[lower]]))),
      modifyList(invisible_line, list(
        name = "Room for chance", data = array_of(data[[upper]] - data[[lower]]), areaStyle = list(opacity = 0.18),
        muted = TRUE
      )),
      list(
        name = "Actual", type = "line", data = array_of(data[[actual]]), showSymbol = FALSE,
        lineStyle = list(width = 2), main = TRUE
      ),
      list(
        name = "Unusual", type = "scatter", symbolSize = 10, alarming = TRUE,
        data = array_of(ifelse(data[[flagged]], data[[actual]], NA))
      )
    )
  ), values)
}

# A dot for what was measured, and a line for where the truth may lie.
interval_chart <- function(data, name, value, low, high, about, values = "number") {
  places <- seq_len(nrow(data)) - 1
  range_of <- function(place) {
    list(
      type = "line", name = data[[name]][place + 1], symbol = "rect", symbolSize = list(2, 12),
      lineStyle = list(width = 2), muted = TRUE,
      data = list(list(data[[low]][place + 1], place), list(data[[high]][place + 1], place))
    )
  }
  dots <- list(
    type = "scatter", name = "Measured", symbolSize = 11,
    data = Map(function(value, place) list(value, place), data[[value]], places, USE.NAMES = FALSE)
  )
  chart(about, list(
    tooltip = list(trigger = "item"),
    xAxis = list(type = "value"),
    yAxis = list(type = "category", inverse = TRUE, data = array_of(data[[name]])),
    series = c(lapply(places, range_of), list(dots))
  ), values)
}
