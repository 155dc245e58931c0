# Charts: a data frame goes in, what ECharts is to draw comes out. Colours, fonts and the writing of numbers are
# www/chart.js's; here stands what is shown. No inputs, no reactives.

# `values` is number, percent, money or seconds. `about` begins what a screen reader says.
chart <- function(about, option, values = "number", ...) {
  list(about = about, values = values, option = option, ...)
}

# One line for each named column; those in `dashed` are what is compared with.
line_chart <- function(data, x, lines, about, values = "number", dashed = character(), area = FALSE) {
  series <- lapply(names(lines), function(name) {
    list(
      name = lines[[name]], type = "line", data = as.list(data[[name]]), showSymbol = nrow(data) == 1,
      lineStyle = list(type = if (name %in% dashed) "dashed" else "solid", width = if (name %in% dashed) 1.5 else 2.5),
      areaStyle = if (area && !name %in% dashed) list(opacity = 0.12),
      muted = name %in% dashed
    )
  })
  chart(about, list(
    legend = list(show = length(lines) > 1),
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = as.list(as.character(data[[x]])), boundaryGap = FALSE),
    yAxis = list(type = "value"),
    series = lapply(series, drop_nulls)
  ), values)
}

# One series for each value of `by`, the largest first; what is beyond `most` is added up.
stacked_chart <- function(data, x, by, value, about, values = "number", type = c("line", "bar"), most = 7) {
  type <- match.arg(type)
  places <- sort(unique(as.character(data[[x]])))
  groups <- largest(data[[by]], data[[value]], most)
  table <- tapply(data[[value]], list(factor(as.character(data[[x]]), places), groups), sum, default = 0)
  series <- lapply(levels(groups), function(group) {
    drop_nulls(list(
      name = group, type = type, stack = "all", data = as.list(as.vector(table[, group])),
      showSymbol = length(places) == 1,
      areaStyle = if (type == "line") list(opacity = 0.75), lineStyle = if (type == "line") list(width = 0)
    ))
  })
  chart(about, list(
    legend = list(show = TRUE),
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = as.list(places), boundaryGap = type == "bar"),
    yAxis = list(type = "value"),
    series = series
  ), values)
}

# Horizontal bars, the first row on top. `bars` names one or more columns.
bar_chart <- function(data, category, bars, about, values = "number", stack = FALSE) {
  chart(about, list(
    legend = list(show = length(bars) > 1),
    tooltip = list(trigger = "axis", axisPointer = list(type = "shadow")),
    xAxis = list(type = "value"),
    yAxis = list(type = "category", inverse = TRUE, data = as.list(format_text(as.character(data[[category]])))),
    series = lapply(names(bars), function(name) {
      drop_nulls(list(
        name = bars[[name]], type = "bar", data = as.list(data[[name]]), stack = if (stack) "all", barMaxWidth = 22
      ))
    })
  ), values)
}

column_chart <- function(data, category, bars, about, values = "number", stack = FALSE) {
  turned <- bar_chart(data, category, bars, about, values, stack)
  option <- turned$option
  turned$option[c("xAxis", "yAxis")] <- list(modifyList(option$yAxis, list(inverse = FALSE)), option$xAxis)
  turned
}

funnel_chart <- function(data, step, value, about) {
  chart(about, list(
    legend = list(show = FALSE),
    tooltip = list(trigger = "item"),
    series = list(list(
      type = "funnel", sort = "none", left = "4%", right = "4%", top = 8, bottom = 8, gap = 3, minSize = "2%",
      label = list(show = TRUE, position = "inside"),
      data = Map(function(name, value) list(name = name, value = value), data[[step]], data[[value]], USE.NAMES = FALSE)
    ))
  ))
}

heatmap_chart <- function(data, x, y, value, x_order, y_order, about, values = "number", labels = FALSE) {
  cells <- Map(
    function(x, y, value) list(match(x, x_order) - 1, match(y, y_order) - 1, value),
    as.character(data[[x]]), as.character(data[[y]]), data[[value]], USE.NAMES = FALSE
  )
  chart(about, list(
    tooltip = list(trigger = "item"),
    xAxis = list(type = "category", data = as.list(x_order), splitArea = list(show = FALSE)),
    yAxis = list(type = "category", data = as.list(y_order), inverse = TRUE),
    visualMap = list(
      min = 0, max = max(data[[value]], 0, na.rm = TRUE), calculable = FALSE,
      orient = "horizontal", left = "center", bottom = 0, itemHeight = 90, itemWidth = 10
    ),
    series = list(list(type = "heatmap", data = cells, label = list(show = labels)))
  ), values)
}

# `links` has from, to (each unique in its layer), value; a name is what stands before the first tab.
sankey_chart <- function(nodes, links, about) {
  chart(about, list(
    tooltip = list(trigger = "item"),
    series = list(list(
      type = "sankey", left = 8, right = 110, top = 8, bottom = 8, nodeGap = 10, nodeWidth = 14, draggable = FALSE,
      layoutIterations = 32, emphasis = list(focus = "adjacency"), lineStyle = list(color = "gradient", opacity = 0.35),
      data = Map(function(name, depth) list(name = name, depth = depth), nodes$name, nodes$depth, USE.NAMES = FALSE),
      links = Map(
        function(from, to, value) list(source = from, target = to, value = value),
        links$from, links$to, links$value, USE.NAMES = FALSE
      )
    ))
  ))
}

# What was to be expected as a band, what happened as a line, what was unusual as dots.
band_chart <- function(data, x, actual, lower, upper, flagged, about, values = "number") {
  places <- as.list(as.character(data[[x]]))
  invisible_line <- list(
    type = "line", stack = "band", showSymbol = FALSE, lineStyle = list(opacity = 0), silent = TRUE
  )
  chart(about, list(
    legend = list(show = FALSE),
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = places, boundaryGap = FALSE),
    yAxis = list(type = "value"),
    series = list(
      modifyList(invisible_line, list(name = "At least", data = as.list(data[[lower]]))),
      modifyList(invisible_line, list(
        name = "Room for chance", data = as.list(data[[upper]] - data[[lower]]), areaStyle = list(opacity = 0.18),
        muted = TRUE
      )),
      list(
        name = "Actual", type = "line", data = as.list(data[[actual]]), showSymbol = FALSE, lineStyle = list(width = 2),
        main = TRUE
      ),
      list(
        name = "Unusual", type = "scatter", symbolSize = 10, alarming = TRUE,
        data = as.list(ifelse(data[[flagged]], data[[actual]], NA))
      )
    )
  ), values)
}

# A dot for what was measured, and a line for where the truth may lie.
interval_chart <- function(data, name, value, low, high, about, values = "number") {
  places <- seq_len(nrow(data)) - 1
  range_of <- function(place) {
    list(
      type = "line", name = "From and to", symbol = "rect", symbolSize = list(2, 12), lineStyle = list(width = 2),
      muted = TRUE,
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
    yAxis = list(type = "category", inverse = TRUE, data = as.list(data[[name]])),
    series = c(lapply(places, range_of), list(dots))
  ), values)
}

# The `most` largest groups, in order of size, and the rest as one.
largest <- function(group, value, most) {
  group <- format_text(as.character(group))
  sizes <- sort(tapply(value, group, sum), decreasing = TRUE)
  kept <- names(sizes)[seq_len(min(most, length(sizes)))]
  rest <- "all others"
  factor(ifelse(group %in% kept, group, rest), c(kept, if (length(sizes) > most) rest))
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

drop_nulls <- function(list) Filter(Negate(is.null), list)
