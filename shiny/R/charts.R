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
      name = lines[[name]], type = "line", data = array_of(data[[name]]), showSymbol = nrow(data) == 1,
      lineStyle = list(type = if (name %in% dashed) "dashed" else "solid", width = if (name %in% dashed) 1.5 else 2.5),
      areaStyle = if (area && !name %in% dashed) list(opacity = 0.12),
      muted = name %in% dashed
    )
  })
  chart(about, list(
    legend = list(show = length(lines) > 1),
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = array_of(as.character(data[[x]])), boundaryGap = FALSE),
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
      name = group, type = type, stack = "all", data = array_of(table[, group]),
      showSymbol = length(places) == 1,
      areaStyle = if (type == "line") list(opacity = 0.75), lineStyle = if (type == "line") list(width = 0)
    ))
  })
  chart(about, list(
    legend = list(show = TRUE),
    tooltip = list(trigger = "axis"),
    xAxis = list(type = "category", data = array_of(places), boundaryGap = type == "bar"),
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
    yAxis = list(type = "category", inverse = TRUE, data = array_of(format_text(as.character(data[[category]])))),
    series = lapply(names(bars), function(name) {
      drop_nulls(list(
        name = bars[[name]], type = "bar", data = array_of(data[[name]]), stack = if (stack) "all", barMaxWidth = 22
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

# `name` is the column that says in words what a cell is, to who points at it.
heatmap_chart <- function(data, x, y, value, x_order, y_order, about, name = x, values = "number", labels = FALSE) {
  cells <- data.frame(
    name = data[[name]], x = match(data[[x]], x_order) - 1, y = match(data[[y]], y_order) - 1, value = data[[value]]
  )
  chart(about, list(
    tooltip = list(trigger = "item"),
    xAxis = list(type = "category", data = array_of(x_order), splitArea = list(show = FALSE)),
    yAxis = list(type = "category", data = array_of(y_order), inverse = TRUE),
    visualMap = list(
      min = 0, max = max(data[[value]], 0, na.rm = TRUE), calculable = FALSE,
      orient = "horizontal", left = "center", bottom = 0, itemHeight = 90, itemWidth = 10
    ),
    series = list(list(type = "heatmap", data = columns_of(cells), label = list(show = labels)))
  ), values)
}

# The `most` largest groups, in order of size, and the rest as one.
largest <- function(group, value, most) {
  group <- format_text(as.character(group))
  rest <- "all others"
  sizes <- sort(tapply(value, group, sum), decreasing = TRUE)
  kept <- utils::head(setdiff(names(sizes), rest), most)
  factor(ifelse(group %in% kept, group, rest), c(kept, if (!all(group %in% kept)) rest))
}

# Vectors are written fifty times as fast as lists of their values; a vector of one is to stay an array.
array_of <- function(values) I(as.vector(values))
columns_of <- function(rows) lapply(rows, array_of)

drop_nulls <- function(list) Filter(Negate(is.null), list)
