# Steps from top to bottom as bars around one middle, with their names and numbers beside them.
steps_chart <- function(steps, about) {
  most <- max(steps$session_count)
  bar <- function(name, value) list(name = name, value = value)
  chart(about, list(
    tooltip = list(trigger = "item"),
    xAxis = list(type = "value", show = FALSE, max = most),
    yAxis = list(
      type = "category", inverse = TRUE, axisLine = list(show = FALSE),
      data = array_of(step_labels(steps))
    ),
    series = list(
      list(
        name = "Before", type = "bar", stack = "step", silent = TRUE, color = "transparent",
        data = array_of((most - steps$session_count) / 2)
      ),
      list(
        name = "Sessions", type = "bar", stack = "step", barCategoryGap = "22%",
        data = Map(bar, steps$step_name, steps$session_count, USE.NAMES = FALSE)
      )
    )
  ))
}

# Short enough that the number is never cut.
step_labels <- function(steps, longest = 16L) {
  names <- format_text(steps$step_name)
  short <- ifelse(nchar(names) > longest, paste0(substr(names, 1, longest - 1), "\u2026"), names)
  paste0(short, " \u00b7 ", format_number(steps$session_count))
}
