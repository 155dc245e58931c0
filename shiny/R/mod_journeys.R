OTHER <- "(other)"
START <- "(start)"
END <- "(end)"
# These are no pages and no events: nothing leads from or to them by name.
NOT_NODES <- c(START, END, OTHER)

mod_journeys_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "The ways that visits take. All visitors: not split by channel, device or log-in state.",
    own_controls = tagList(
      switch_control("direction", "Direction", c(forward = "Forward from", back = "Back to")),
      choice_control("node", "Page or action", all = "Start or end of the visit"),
      switch_control("depth", "Steps", setNames(nm = c("1", "2", "3", "4", "5"))),
      switch_control(
        "share", "Ways of at least", c("0" = "any", "1" = "1 %", "2" = "2 %", "5" = "5 %", "10" = "10 %")
      )
    ),
    panel_ui(
      ns("flow"), "Step by step", textOutput(ns("followed"), inline = TRUE), size = "wide", height = 460
    ),
    panel_ui(
      ns("paths"), "The most taken ways",
      "How sessions began, the most frequent first, and what they ordered.", size = "wide", has_chart = FALSE
    ),
    panel_ui(ns("entries"), "Where sessions begin", "The first page of the session.", height = 340),
    panel_ui(ns("exits"), "Where sessions end", "The last page of the session.", height = 340)
  )
}

mod_journeys_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    anchor <- reactive({
      if (filters()$node != "") return(filters()$node)
      if (filters()$direction == "forward") START else END
    })
    links <- reactive({
      if (anchor() == START) flows_from_start(ask, filters()) else flows_of_node(ask, filters(), anchor())
    })
    least_share <- reactive(as.numeric(filters()$share) / 100)
    shown <- reactive(folded(links(), least_share()))

    output$followed <- quiet_text(function() {
      settings <- metric_settings(ask)
      followed_sentence(
        followed(links()), anchor(), filters()$direction, least_share(),
        steps_kept = settings$value[settings$setting == "journey_steps_kept"]
      )
    })
    panel_server(
      "flow", reactive(from_and_to(shown(), filters()$direction)),
      columns = list(
        step_number = number_column("Step"), from_node = text_column("From"), to_node = text_column("To"),
        session_count = number_column("Sessions"), share = percent_column("Of those followed")
      ),
      chart = function(...) flow_chart(shown(), filters()$direction, "Sessions from step to step"),
      on_click = function(name) if (!name %in% NOT_NODES) go_to(node = name)
    )
    panel_server(
      "paths", reactive(top_paths(ask, filters())),
      columns = list(
        path = column("Way", function(path) gsub(" > ", " \u2192 ", format_text(path), fixed = TRUE), FALSE),
        session_count = number_column("Sessions"), session_share = percent_column("Of all"),
        order_count = number_column("Orders"), orders_per_session = percent_column("Orders per session")
      )
    )
    pages <- reactive(entries_and_exits(ask, filters()))
    pages_panel("entries", pages, "entry_count", "entry_share", "Sessions began")
    pages_panel("exits", pages, "exit_count", "exit_share", "Sessions ended")
  })
}

pages_panel <- function(id, pages, count, share, title) {
  panel_server(
    id, reactive(most_of(pages(), count, 100)[c("page_path", count, share)]),
    columns = setNames(
      list(text_column("Page"), number_column(title), percent_column("Of all")), c("page_path", count, share)
    ),
    chart = function(pages) bar_chart(utils::head(pages, 10), "page_path", setNames(title, count), title)
  )
}

# The pages with most of it, and none that has none.
most_of <- function(pages, count, most) {
  pages <- pages[pages[[count]] > 0, ]
  utils::head(pages[order(-pages[[count]], pages$page_path), ], most)
}

# Sessions of the first step: each goes it once.
followed <- function(links) sum(links$session_count[links$step_number == 1])

followed_sentence <- function(sessions, anchor, direction, least_share, steps_kept) {
  if (sessions == 0) return("")
  way <- if (anchor == START) {
    "from their start"
  } else if (anchor == END) {
    "back from their end"
  } else if (direction == "forward") {
    sprintf("from the first time that they were at %s, in their first %s steps", anchor, steps_kept)
  } else {
    sprintf("back from the last time that they were at %s, in their first %s steps", anchor, steps_kept)
  }
  least <- ceiling(least_share * sessions)
  paste0(
    sprintf("Follows %s sessions %s. ", format_number(sessions), way),
    if (least > 1) sprintf("Ways of fewer than %s of them lead to %s. ", format_number(least), OTHER),
    "Press a name to follow from there."
  )
}

# Links of less than a share of the sessions that are followed lead to (other), step by step; what leads on
# from a node that is not shown leads on from there. The links of a step still add up to its sessions.
folded <- function(links, least_share) {
  least <- least_share * followed(links)
  nodes <- unique(links$near_node[links$step_number == 1])
  steps <- list()
  for (step in sort(unique(links$step_number))) {
    here <- links[links$step_number == step, ]
    here$near_node[!here$near_node %in% nodes] <- OTHER
    here <- added_up(here)
    here$far_node[here$session_count < least] <- OTHER
    here <- added_up(here)
    nodes <- here$far_node
    steps <- c(steps, list(here))
  }
  if (length(steps) == 0) links else do.call(rbind, steps)
}

added_up <- function(links) {
  sums <- stats::aggregate(session_count ~ step_number + near_node + far_node, links, sum)
  sums[order(-sums$session_count, sums$near_node, sums$far_node), ]
}

# As a table: in the order of time.
from_and_to <- function(links, direction) {
  sides <- if (direction == "back") c("far_node", "near_node") else c("near_node", "far_node")
  data.frame(
    step_number = links$step_number,
    from_node = links[[sides[1]]],
    to_node = links[[sides[2]]],
    session_count = links$session_count,
    share = share_of(links$session_count, followed(links))
  )
}
