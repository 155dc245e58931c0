# Hours across, weekdays down; a cell says which of both it is.
week_chart <- function(data, value, about) {
  named <- transform(data, name = paste0(weekday, " ", hour, ":00"))
  heatmap_chart(named, "hour", "weekday", value, sprintf("%02d", 0:23), WEEKDAYS, about, name = "name")
}
