# Heatmaps whose cells say in words what they are, to who points at them.

# `name` is the column with the words.
named_heatmap <- function(data, x, y, value, name, ...) {
  described <- heatmap_chart(data, x, y, value, ...)
  cells <- described$option$series[[1]]$data
  described$option$series[[1]]$data <- Map(
    function(cell, name) list(name = name, value = cell), cells, data[[name]], USE.NAMES = FALSE
  )
  described
}
