# Links by step as a Sankey, each from its near to its far node, as seen from the anchor. Going back, time
# runs the other way, and the anchor stands last.
flow_chart <- function(links, direction, about) {
  steps <- max(links$step_number)
  layer <- function(distance) if (direction == "back") steps - distance else distance
  near <- data.frame(node = links$near_node, depth = layer(links$step_number - 1))
  far <- data.frame(node = links$far_node, depth = layer(links$step_number))
  in_layer <- function(ends) paste(ends$node, ends$depth, sep = "\t")
  nodes <- unique(rbind(near, far))
  ends <- if (direction == "back") list(far, near) else list(near, far)
  sankey_chart(
    data.frame(name = in_layer(nodes), depth = nodes$depth),
    data.frame(source = in_layer(ends[[1]]), target = in_layer(ends[[2]]), value = links$session_count),
    about
  )
}

# `links` has source, target (each unique in its layer), value; a name is what stands before the first tab.
sankey_chart <- function(nodes, links, about) {
  chart(about, list(
    tooltip = list(trigger = "item"),
    series = list(list(
      type = "sankey", left = 8, right = 110, top = 8, bottom = 8, nodeGap = 10, nodeWidth = 14, draggable = FALSE,
      layoutIterations = 32, emphasis = list(focus = "adjacency"), lineStyle = list(color = "gradient", opacity = 0.35),
      data = columns_of(nodes), links = columns_of(links)
    ))
  ))
}
