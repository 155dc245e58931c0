OUTCOMES <- c(
  conversion = "Conversion", revenue_per_visitor = "Revenue per visitor", add_to_cart_rate = "Put into the cart"
)

mod_experiments_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "What a variant changes, and whether to believe it. Up to the newest data, whatever the period.",
    own_controls = choice_control("experiment", "Experiment"),
    tags$div(class = "panel wide", `aria-live` = "polite", uiOutput(ns("verdict"))),
    panel_ui(
      ns("lift"), "Lift over the control",
      "The dot is the measured difference, the line where the true one lies in 19 of 20 cases. Zero: no difference.",
      size = "wide", height = 260
    ),
    panel_ui(ns("variants"), "Visitors of the variants", "Who saw several variants is left out.", height = 260),
    panel_ui(ns("results"), "All results", has_chart = FALSE)
  )
}

mod_experiments_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    results <- reactive(experiment_results(ask, filters()))
    output$verdict <- renderUI({
      validate(need(nrow(results()) > 0, NO_EXPERIMENTS))
      verdict(results())
    })
    panel_server(
      "lift", reactive(measured_lifts(results())), LIFT_COLUMNS, lift_chart,
      empty = "There is not enough data yet to compare the variants."
    )
    panel_server(
      "variants", reactive(unique(results()[c("variant", "visitor_count")])),
      list(variant = text_column("Variant"), visitor_count = number_column("Visitors")),
      function(variants) column_chart(variants, "variant", c(visitor_count = "Visitors"), "Visitors by variant"),
      empty = NO_EXPERIMENTS
    )
    panel_server(
      "results", reactive(transform(results(), metric = OUTCOMES[metric])), RESULT_COLUMNS, empty = NO_EXPERIMENTS
    )
  })
}

NO_EXPERIMENTS <- "No page has shown an experiment yet: events with an experiment and a variant make one."

LIFT_COLUMNS <- list(
  label = text_column("Variant and outcome"), lift = percent_column("Lift"), ci_low = percent_column("At least"),
  ci_high = percent_column("At most"), p_value = number_column("p", 4)
)
RESULT_COLUMNS <- list(
  metric = text_column("Outcome"), variant = text_column("Variant"), visitor_count = number_column("Visitors"),
  value = number_column("Per visitor", 4), lift = percent_column("Lift"), p_value = number_column("p", 4),
  status = column("Status", as_words, FALSE)
)

measured_lifts <- function(results) {
  measured <- results[!is.na(results$lift) & results$status == "ok", ]
  data.frame(
    label = paste(measured$variant, OUTCOMES[measured$metric], sep = ": ", recycle0 = TRUE),
    measured[c("lift", "ci_low", "ci_high", "p_value")]
  )
}

lift_chart <- function(lifts) {
  about <- "Lift of each variant and outcome over the control"
  interval_chart(lifts, "label", "lift", "ci_low", "ci_high", about, "percent")
}

# What a shop owner should think of the experiment, in a sentence or two.
verdict <- function(results) {
  split_chance <- results$srm_p_value[1]
  excluded <- results$excluded_count[1]
  sentence <- if (any(results$status == "sample_ratio_mismatch")) {
    tags$p(class = "verdict problem", paste(
      "Do not believe these results: the visitors are not split as planned.",
      "Find the cause before anything else."
    ))
  } else if (all(results$status == "not_enough_data")) {
    tags$p(class = "verdict", "Not enough data yet. Let it run on, and do not decide before.")
  } else {
    tags$p(class = "verdict", conclusion(results))
  }
  tagList(
    tags$h2(results$experiment[1]), sentence,
    tags$p(class = "note", split_sentence(split_chance), if (excluded > 0) {
      sprintf("%s who saw several variants are left out.", format_number(excluded))
    })
  )
}

split_sentence <- function(chance) {
  if (is.na(chance)) return("Whether visitors are split as planned cannot be told of so few, or of a single variant.")
  sprintf("By chance alone, a split would be as uneven as this one in %s of experiments.", format_chance(chance))
}

conclusion <- function(results) {
  clear <- results[!is.na(results$lift) & (results$ci_low > 0 | results$ci_high < 0), ]
  if (nrow(clear) == 0) return("No difference that chance could not have made. It may be small, or need more visitors.")
  paste0(
    sprintf(
      "With %s, %s is %s by %s.", clear$variant, tolower(OUTCOMES[clear$metric]),
      ifelse(clear$lift > 0, "higher", "lower"), format_percent(abs(clear$lift))
    ),
    collapse = " "
  )
}

format_chance <- function(p) if (p < 0.001) "less than 0.1 %" else format_percent(p)
