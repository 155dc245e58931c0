MAX_DAYS_BY_DAY <- 120L
# What the breakdown is by, and the filter of the page that goes by the same.
SPLITS <- c(channel = "Channel", device_type = "Device", user_login_state = "Log-in state")
FILTER_OF_SPLIT <- c(channel = "channel", device_type = "device", user_login_state = "login")

mod_funnel_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "How far visits come, and where they leave.",
    own_controls = tagList(
      choice_control("funnel", "Funnel"),
      switch_control("count", "Count", c(closed = "In order", open = "In any order")),
      switch_control("by", "Split by", SPLITS)
    ),
    panel_ui(
      ns("funnel"), "From step to step", textOutput(ns("summary"), inline = TRUE),
      size = "third", height = 280
    ),
    panel_ui(
      ns("steps"), "The steps", "Sessions, how many went on, and how long it took them.", size = "two-thirds",
      has_chart = FALSE
    ),
    panel_ui(
      ns("split"), "Who comes through", "First to last step. Press a bar to see only these sessions.",
      height = 340
    ),
    panel_ui(
      ns("trend"), "Conversion over time",
      sprintf("First to last step, by the day when sessions began; by week above %d days.", MAX_DAYS_BY_DAY),
      height = 340
    )
  )
}

mod_funnel_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    counted <- reactive(funnel_steps(ask, filters()))
    steps <- reactive(steps_of(counted(), filters()$count))
    is_closed <- reactive(filters()$count == "closed")

    output$summary <- quiet_text(function() summary_sentence(steps(), is_closed()))
    panel_server(
      "funnel", steps,
      columns = list(step_name = text_column("Step"), session_count = number_column("Sessions")),
      chart = function(steps) steps_chart(steps, paste("Sessions by step of", filters()$funnel))
    )
    panel_server(
      "steps", steps,
      columns = function() {
        drop_nulls(list(
          step_name = text_column("Step"), session_count = number_column("Sessions"),
          of_first = percent_column("Of the first"), of_previous = percent_column("Of the one before"),
          lost = number_column("Lost before it"), lost_share = percent_column("Share lost"),
          seconds = if (is_closed()) seconds_column("Time to it")
        ))
      }
    )

    split <- reactive(split_of(counted()))
    split_columns <- reactive({
      names <- unique(counted()$step_name[order(counted()$step_number)])
      c(
        list(shown = text_column(SPLITS[[filters()$by]])),
        setNames(lapply(names, number_column), paste0("step_", seq_along(names))),
        list(conversion = percent_column("Conversion"))
      )
    })
    panel_server(
      "split", split, columns = split_columns,
      chart = function(rows) {
        bar_chart(
          utils::head(rows, 12), "shown", c(conversion = "Conversion"),
          paste("Conversion by", tolower(SPLITS[[filters()$by]])), "percent"
        )
      },
      on_click = function(name) {
        value <- split()$split_value[match(name, split()$shown)]
        if (!is.na(value)) do.call(go_to, setNames(list(value), FILTER_OF_SPLIT[[filters()$by]]))
      }
    )

    grain <- reactive(if (as.integer(filters()$to - filters()$from) < MAX_DAYS_BY_DAY) "day" else "week")
    panel_server(
      "trend", reactive(converted_over_time(funnel_over_time(ask, filters(), grain()))),
      columns = function() {
        list(
          place = place_column(grain()), first_count = number_column("First step"),
          last_count = number_column("Last step"), conversion = percent_column("Conversion")
        )
      },
      chart = function(days) {
        line_chart(
          days, "place", c(conversion = "Conversion"), "Conversion from the first to the last step over time",
          "percent", area = TRUE
        )
      }
    )
  })
}

# One row for each step. What was lost, and how long it took, is known from the second on; the time, of
# sessions that did the steps in order.
steps_of <- function(counted, count) {
  if (sum(counted$session_count) == 0) return(counted[0, ])
  sums <- rowsum(counted[c("session_count", "seconds_from_previous_sum")], counted$step_number, na.rm = TRUE)
  sessions <- sums$session_count
  before <- c(NA, utils::head(sessions, -1))
  is_timed <- count == "closed" & !is.na(before)
  data.frame(
    step_name = counted$step_name[match(rownames(sums), counted$step_number)],
    session_count = sessions,
    of_first = share_of(sessions, sessions[1]),
    of_previous = share_of(sessions, before),
    lost = before - sessions,
    lost_share = share_of(before - sessions, before),
    seconds = ifelse(is_timed, share_of(sums$seconds_from_previous_sum, sessions), NA_real_)
  )
}

summary_sentence <- function(steps, is_closed) {
  if (nrow(steps) == 0) return("")
  last <- steps[nrow(steps), ]
  sprintf(
    if (is_closed) {
      "Of %s sessions that did the first step, %s came to the last: %s."
    } else {
      "%s sessions did the first step, and %s the last, in any order: %s."
    },
    format_number(steps$session_count[1]), format_number(last$session_count), format_percent(last$of_first)
  )
}

# One row for each value, with the sessions of every step, most sessions first.
split_of <- function(counted) {
  known <- counted[!is.na(counted$split_value), ]
  if (nrow(known) == 0) return(known)
  numbers <- sort(unique(counted$step_number))
  sums <- tapply(
    known$session_count, list(known$split_value, factor(known$step_number, numbers)), sum, default = 0
  )
  first <- sums[, 1]
  last <- sums[, length(numbers)]
  rows <- data.frame(split_value = rownames(sums), shown = as_words(rownames(sums)), unname(sums))
  names(rows)[-(1:2)] <- paste0("step_", numbers)
  rows$conversion <- share_of(last, first)
  rows[order(-first, rows$split_value), ]
}

converted_over_time <- function(days) {
  if (sum(days$first_count, days$last_count) == 0) return(days[0, ])
  transform(days, conversion = share_of(last_count, first_count))
}
