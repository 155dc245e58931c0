# Cohorts as the marketing page tells and draws them: people who came, or ordered, first in the same week.

cohort_sentence <- function(cohort, measure, channel) {
  people <- c(first_order = "who first ordered", first_visit = "who first came")[[cohort]]
  again <- c(first_order = "ordered again", first_visit = "came again")[[cohort]]
  paste0(
    if (measure == "revenue") {
      paste("What people", people, "in a week have brought so far, each.")
    } else {
      paste("Share of the people", people, "in a week and", again, "in the weeks after.")
    },
    " The last 12 weeks, whatever the period above",
    if (channel == "") "." else paste0("; people whose first session came from ", channel, ".")
  )
}

with_shares <- function(weeks) {
  if (nrow(weeks) == 0) return(weeks)
  transform(
    weeks,
    retained_share = share_of(retained_count, cohort_size),
    revenue_per_customer = share_of(cumulative_revenue, cohort_size),
    state = ifelse(is_complete, "over", "still running")
  )
}

# Weeks that still run would look like a fall. In their own week all are there: that would outshine the rest.
shown_weeks <- function(weeks, measure) {
  weeks[weeks$is_complete & (measure == "revenue" | weeks$week_number > 0), ]
}

cohort_chart <- function(weeks, measure) {
  shown <- shown_weeks(weeks, measure)
  validate(need(nrow(shown) > 0, "No week of these cohorts is over yet: the table has what there is so far."))
  shown$name <- sprintf(
    "%s of %s, week %d",
    ifelse(shown$cohort_size == 1, "1 person", paste(format_number(shown$cohort_size), "people")),
    format_day(shown$cohort_week), shown$week_number
  )
  shown$week <- paste("Week", shown$week_number)
  heatmap_chart(
    shown, "week", "cohort_week", if (measure == "revenue") "revenue_per_customer" else "retained_share",
    x_order = paste("Week", sort(unique(shown$week_number))), y_order = sort(unique(shown$cohort_week)),
    about = "Cohorts by week", name = "name",
    values = if (measure == "revenue") "money" else "percent", labels = TRUE
  )
}
