MAILS <- list(
  one_time_buyer_count = c("Bought once", "Give them a reason for a second order"),
  lapsed_count = c("Lapsed", "Win them back: their last order is long ago"),
  cart_abandoner_count = c("Left a cart", "Remind them of what is in it"),
  viewed_not_bought_count = c("Viewed, did not buy", "Show them again what they looked at")
)

# Who is to get a mail is in the CSV; while R writes so many, everybody else waits for a second.
MAX_PEOPLE <- 50000L

mod_customers_ui <- function(id) {
  ns <- NS(id)
  page(
    id, textOutput(ns("as_of"), inline = TRUE),
    own_controls = choice_control("segment", "Segment", all = "All segments"),
    panel_ui(
      ns("segments"), "Segments",
      "Who has not ordered is in the table only. Click a segment to see only its people.", height = 360
    ),
    panel_ui(
      ns("grid"), "How recently and how often",
      "Customers by their scores, 1 to 5 (best): recency to the right, frequency upwards.", height = 360
    ),
    panel_ui(
      ns("mails"), "Who needs what mail", "People of the chosen segment. One may be in several groups.",
      size = "wide", height = 190
    ),
    panel_ui(
      ns("people"), "Customers",
      "Those with the most revenue first: 200 here, in the CSV up to 50,000.",
      size = "wide", has_chart = FALSE
    )
  )
}

mod_customers_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    built <- reactive(customers_as_of(ask))
    sizes <- reactive(segment_sizes(ask))
    chosen <- reactive({
      segment <- filters()$segment
      if (segment == "") sizes() else sizes()[sizes()$segment == segment, ]
    })
    output$as_of <- quiet_text(function() as_of_sentence(built()$as_of_date))

    panel_server(
      "segments", reactive(segment_totals(sizes())), empty = "Nobody has been seen yet.",
      columns = list(
        segment = text_column("Segment"), person_count = number_column("People"),
        order_count = number_column("Orders"), revenue = money_column("Revenue"),
        revenue_per_person = money_column("Revenue per person"),
        revenue_share = percent_column("Share of revenue")
      ),
      chart = function(segments) {
        customers <- segments[segments$order_count > 0, ]
        validate(need(nrow(customers) > 0, "Nobody has ordered yet."))
        bar_chart(customers, "segment", c(person_count = "People"), "People by segment")
      },
      on_click = function(name) {
        if (name %in% sizes()$segment) go_to(segment = if (name == filters()$segment) "" else name)
      }
    )
    panel_server(
      "grid", reactive({
        validate(need(any(sizes()$r > 0), too_few_sentence(sizes(), built()$min_customers)))
        scored <- chosen()[chosen()$r > 0, ]
        validate(need(nrow(scored) > 0, "People of this segment have no scores: they have not ordered."))
        score_grid(scored)
      }),
      columns = list(
        r = number_column("Recency"), f = number_column("Frequency"),
        person_count = number_column("Customers"), revenue = money_column("Revenue")
      ),
      chart = function(grid) {
        heatmap_chart(
          transform(grid, r = paste("R", r), f = paste("F", f)), "r", "f", "person_count",
          x_order = paste("R", 1:5), y_order = paste("F", 5:1),
          about = "Customers by recency and frequency", name = "name", labels = TRUE
        )
      }
    )
    panel_server(
      "mails", reactive(mail_groups(chosen())), empty = "Nobody has been seen yet.",
      columns = list(
        group = text_column("Who"), advice = text_column("What for"), person_count = number_column("People"),
        share = percent_column("Of the segment"), abandoned_value = money_column("Value in their carts")
      ),
      chart = function(groups) {
        bar_chart(groups, "group", c(person_count = "People"), "People by the mail that they need")
      }
    )
    panel_server(
      "people", reactive(customers_of_segment(ask, filters(), MAX_SHOWN)), empty = "Nobody has been seen yet.",
      all = function() customers_of_segment(ask_warehouse, filters(), MAX_PEOPLE),
      columns = list(
        person_id = text_column("Person"), segment = text_column("Segment"), r = number_column("R"),
        f = number_column("F"), m = number_column("M"), order_count = number_column("Orders"),
        revenue = money_column("Revenue"), average_order_value = money_column("Average"),
        recency_days = number_column("Days ago"), last_seen_at = text_column("Last seen"),
        abandoned_value = money_column("In carts"), needs = text_column("Mail")
      )
    )
  })
}

as_of_sentence <- function(day) {
  paste0(
    "Who your customers are, from all that was ever seen",
    if (nzchar(day)) paste0(" up to ", format_day(day)), ". Scored once a day; no period applies."
  )
}

too_few_sentence <- function(sizes, min_customers) {
  customers <- sum(sizes$person_count[sizes$segment != "(no orders)"])
  sprintf(
    "Customers are scored against each other from %s customers on; there %s so far.", min_customers,
    if (customers == 1) "is 1" else paste("are", format_number(customers))
  )
}

# One row per segment, the largest first, and those who never ordered last.
segment_totals <- function(sizes) {
  if (nrow(sizes) == 0) return(sizes)
  totals <- stats::aggregate(sizes[c("person_count", "order_count", "revenue")], sizes["segment"], sum)
  totals <- transform(
    totals, revenue_per_person = share_of(revenue, person_count),
    revenue_share = share_of(revenue, sum(revenue))
  )
  totals[order(totals$order_count == 0, -totals$person_count, totals$segment), ]
}

# All 25 combinations of R and F, also those that nobody has.
score_grid <- function(scored) {
  grid <- expand.grid(r = 1:5, f = 5:1)
  sums <- function(column) {
    mapply(function(r, f) sum(scored[[column]][scored$r == r & scored$f == f]), grid$r, grid$f)
  }
  grid <- transform(grid, person_count = sums("person_count"), revenue = sums("revenue"))
  grid$name <- sprintf("Recency %d, frequency %d", grid$r, grid$f)
  grid
}

# Carts are of those who left one: of the other groups their value is not known apart.
mail_groups <- function(sizes) {
  if (nrow(sizes) == 0) return(sizes)
  groups <- names(MAILS)
  person_count <- unname(colSums(sizes[groups]))
  data.frame(
    group = vapply(MAILS, `[`, "", 1), advice = vapply(MAILS, `[`, "", 2), person_count = person_count,
    share = share_of(person_count, sum(sizes$person_count)),
    abandoned_value = ifelse(groups == "cart_abandoner_count", sum(sizes$abandoned_value), NA_real_),
    row.names = NULL
  )
}
