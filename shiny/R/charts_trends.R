# Hours across, weekdays down; a cell says which of both it is.
week_chart <- function(data, value, about) {
  drawn <- heatmap_chart(data, "hour", "weekday", value, sprintf("%02d", 0:23), WEEKDAYS, about)
  drawn$option$series[[1]]$data <- Map(
    function(cell, weekday, hour) list(name = paste0(weekday, " ", hour, ":00"), value = cell),
    drawn$option$series[[1]]$data, data$weekday, data$hour, USE.NAMES = FALSE
  )
  drawn
}
