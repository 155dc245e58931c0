# What the numbers mean, in words, with the numbers that they depend on taken from marts.metric_settings.

DEFINITIONS <- list(
  visitor = c("Visitor", "A browser on a device, told by the id that it keeps. One person may be several."),
  session = c("Session", paste(
    "A visitor's events with no pause of more than {session_gap_seconds} {session_gap_seconds.unit} between them,",
    "cut after {session_max_hours} hours.",
    "It counts on the day when it began."
  )),
  bounce = c("Bounce rate", paste(
    "Share of sessions that were not engaged: shorter than {engaged_session_seconds} seconds, fewer than",
    "{engaged_session_page_views} page views, and no order."
  )),
  conversion = c("Conversion", "Sessions with an order, divided by all sessions."),
  order = c("Order", paste(
    "A checkout that was completed, once for each order number, however often the thank-you page is loaded again.",
    "Here it counts on the day when its session began."
  )),
  revenue = c("Revenue", "Totals of the orders as the shop's pages sent them, in {shop_currency}."),
  average = c("Average order", "Revenue divided by orders."),
  new_visitor = c("New and returning", "A session is new when it is the visitor's first of all, else returning."),
  login = c("Log-in state", "As the page said it; of a session, the last that was said."),
  comparison = c("Change", paste(
    "Against as many days right before, or the same weekdays a year before. Not shown where the data does not go",
    "back as far, or the last day is not over."
  )),
  journey = c("Journey", paste(
    "The pages and actions of a session in their order; what repeats the one before is no step. Journeys are",
    "followed for {journey_steps} steps."
  )),
  path = c("Path", "The first {path_steps} steps of a session."),
  funnel_closed = c(
    "Closed funnel",
    "A session counts at a step when it did all steps before, in order; other events may lie between."
  ),
  funnel_open = c("Open funnel", "A session counts at a step when it did it at all."),
  step_time = c("Time to convert", "Mean time from the step before, of the sessions that passed both."),
  product_rates = c(
    "Rates of a product",
    "Carts are adds divided by views; orders are orders divided by adds, on the same days."
  ),
  product_revenue = c(
    "Revenue of a product",
    "Quantity times price of the items ordered. It need not add up to the totals of the orders."
  ),
  abandoned = c(
    "Abandoned",
    "In a cart that was left for {cart_abandoned_after_hours} hours without an order by its person."
  ),
  channel = c(
    "Channel",
    "Where a session came from, told by its first page: campaign marks, click ids, and the page before."
  ),
  attribution = c("Attribution", paste(
    "Orders credited to the sessions of the {attribution_window_days} days before them. First, last and last but",
    "direct credit one session; linear all alike; position the first and the last with 40 % each; time decay halves",
    "with every {attribution_half_life_days} days."
  )),
  first_click = c(
    "First click",
    "The first click within {first_click_window_minutes} minutes before a checkout, by the same visitor."
  ),
  cohort = c("Cohort", "Those who came, or ordered, first in the same week. A week that is still running is marked."),
  rfm = c("R, F and M", paste(
    "How recently, how often and for how much a customer ordered, each from 1 to 5 (best) against all customers.",
    "Scored from {rfm_min_customers} customers on."
  )),
  lapsed = c("Lapsed", "A customer without an order for more than {lapsed_after_days} days."),
  lift = c(
    "Lift",
    "The difference from the control, as a share of it; the interval holds the true one in 19 of 20 cases."
  ),
  srm = c("Split", paste(
    "Visitors who are split less likely than {experiment_srm_p_value} were not split as planned: do not believe",
    "this experiment before the cause is found."
  )),
  enough = c("Enough data", "Each variant needs {experiment_min_visitors} visitors."),
  anomaly = c("Unusual", paste(
    "Further than {anomaly_band_spreads} spreads from the same hour, or whole day, of the {anomaly_baseline_days} days",
    "before, each weighed as if of the same weekday; alarming from {anomaly_critical_spreads} on. A spread is what",
    "chance and habit make of an ordinary day. Below {anomaly_min_points} days there is no verdict."
  )),
  settled = c(
    "Settled",
    "A day whose numbers no longer change: events may come {event_timestamp_max_age_hours} hours late."
  ),
  late = c("Late", "Received more than {day_closes_after_hours} hours after the end of the day."),
  lag = c("Lag", "The longest time from receipt to the warehouse, of the events of an hour."),
  bots = c("Bots", "Crawlers, told by their user agent, are left out.")
)

DEFINITIONS_OF <- list(
  overview = c(
    "visitor",
    "session", "order", "revenue", "conversion", "average", "bounce", "login", "comparison", "bots"
  ),
  trends = c("session", "new_visitor", "login", "bots"),
  journeys = c("journey", "path", "session", "bots"),
  funnel = c("funnel_closed", "funnel_open", "step_time", "session", "channel", "bots"),
  products = c("product_rates", "product_revenue", "abandoned", "bots"),
  marketing = c("channel", "attribution", "first_click", "cohort", "conversion", "bots"),
  customers = c("rfm", "lapsed", "abandoned", "bots"),
  experiments = c("lift", "enough", "srm", "bots"),
  anomalies = c("anomaly", "bots"),
  health = c("lag", "late", "settled"),
  events = c("visitor", "session")
)

definitions_ui <- function(page) {
  tags$details(
    class = "definitions",
    tags$summary("What these numbers mean"),
    uiOutput(NS(page)("definitions"))
  )
}

definitions_server <- function(page, settings) {
  moduleServer(page, function(input, output, session) {
    output$definitions <- renderUI(definition_list(DEFINITIONS_OF[[page]], settings()))
  })
}

definition_list <- function(names, settings) {
  tags$dl(lapply(DEFINITIONS[names], function(definition) {
    tagList(tags$dt(definition[1]), tags$dd(with_settings(definition[2], settings)))
  }))
}

with_settings <- function(sentence, settings) {
  for (row in seq_len(nrow(settings))) {
    sentence <- gsub(paste0("{", settings$setting[row], "}"), settings$value[row], sentence, fixed = TRUE)
    sentence <- gsub(paste0("{", settings$setting[row], ".unit}"), settings$unit[row], sentence, fixed = TRUE)
  }
  sentence
}
