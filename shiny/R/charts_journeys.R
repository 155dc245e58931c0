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
    data.frame(from = in_layer(ends[[1]]), to = in_layer(ends[[2]]), value = links$session_count),
    about
  )
}
