MODELS <- c(
  first = "First", last = "Last", last_non_direct = "Last but direct", linear = "Linear",
  position = "Position", time_decay = "Time decay"
)
COHORT_TYPES <- c(first_order = "First order", first_visit = "First visit")
COHORT_MEASURES <- c(retained = "Came back", revenue = "Revenue")

mod_marketing_ui <- function(id) {
  ns <- NS(id)
  page(
    id, "Which channels and campaigns bring orders, and whom they bring back.",
    panel_ui(
      ns("channels"), "Channels", "Revenue by channel of the session. Click a channel to see only that one.",
      height = 340
    ),
    panel_ui(ns("days"), "Sessions by channel", "By the day when they began.", height = 340),
    panel_ui(
      ns("models"), "Who gets the credit",
      paste(
        "Revenue of the period's orders by channel, as each attribution model divides it.",
        "Over all channels, every model adds up to the same."
      ),
      size = "wide", height = 360
    ),
    panel_ui(
      ns("campaigns"), "Campaigns",
      "Revenue that three of the models credit to each: the 50 with the most by last.",
      size = "wide", has_chart = FALSE
    ),
    panel_ui(
      ns("clicks"), "First click before the checkout", tagList(
        "By channel of the click's session. ", textOutput(ns("clicked"), inline = TRUE)
      ),
      height = 320
    ),
    panel_ui(
      ns("clicked_products"), "Products clicked first",
      "The product of that click, and the orders that followed.",
      height = 320
    ),
    panel_ui(
      ns("cohorts"), "Do they come back?", textOutput(ns("cohorts_about"), inline = TRUE),
      size = "two-thirds", height = 380,
      controls = tagList(
        switch_control("cohort", "Cohorts by", COHORT_TYPES),
        switch_control("measure", "Measure", COHORT_MEASURES)
      )
    ),
    panel_ui(
      ns("lifetime"), "Lifetime value", textOutput(ns("lifetime_about"), inline = TRUE),
      size = "third", height = 380
    )
  )
}

mod_marketing_server <- function(id, filters, ask) {
  stopifnot(is.reactive(filters))
  moduleServer(id, function(input, output, session) {
    by_day <- reactive(channels_by_day(ask, filters()))
    # The chosen one, clicked again, is no longer chosen.
    choose_channel <- function(name) {
      if (name %in% by_day()$channel) go_to(channel = if (name == filters()$channel) "" else name)
    }

    panel_server(
      "channels", reactive(channel_totals(by_day())),
      columns = list(
        channel = text_column("Channel"), session_count = number_column("Sessions"),
        conversion = percent_column("Conversion"), order_count = number_column("Orders"),
        revenue = money_column("Revenue"), revenue_per_session = money_column("Revenue per session")
      ),
      chart = function(channels) {
        bar_chart(utils::head(channels, 14), "channel", c(revenue = "Revenue"), "Revenue by channel", "money")
      },
      on_click = choose_channel
    )
    panel_server(
      "days", by_day,
      columns = list(
        activity_date = day_column("Day"), channel = text_column("Channel"),
        session_count = number_column("Sessions"), order_count = number_column("Orders"),
        revenue = money_column("Revenue")
      ),
      chart = function(days) {
        stacked_chart(
          days, "activity_date", "channel", "session_count", "Sessions by day and channel", most = 5
        )
      }
    )

    panel_server(
      "models", reactive(models_side_by_side(credits_by_model(ask, filters()))),
      empty = "There are no orders in this period.",
      columns = c(
        list(channel = text_column("Channel")),
        setNames(lapply(MODELS, function(model) money_column(model)), paste0("revenue_", names(MODELS))),
        setNames(
          lapply(MODELS, function(model) number_column(paste("Orders,", tolower(model)), 1)),
          paste0("orders_", names(MODELS))
        )
      ),
      chart = function(channels) {
        column_chart(
          utils::head(channels, 8), "channel", setNames(MODELS, paste0("revenue_", names(MODELS))),
          "Revenue credited to channels by each attribution model", "money"
        )
      },
      on_click = choose_channel
    )
    panel_server(
      "campaigns", reactive(campaigns_credited(ask, filters())),
      empty = "No order of this period goes back to a campaign.",
      columns = list(
        campaign = text_column("Campaign"), channel = text_column("Channel"),
        last_orders = number_column("Orders, last"), last_revenue = money_column("Revenue, last"),
        linear_revenue = money_column("Revenue, linear"), first_revenue = money_column("Revenue, first")
      )
    )

    output$clicked <- quiet_text(function() first_click_sentence(first_clicks(ask, filters()), filters()$channel))
    panel_server(
      "clicks", reactive(first_clicks_by_channel(ask, filters())),
      empty = "There are no orders in this period.",
      columns = list(
        channel = text_column("Channel"), order_count = number_column("Orders"),
        revenue = money_column("Revenue"),
        median_seconds = seconds_column("Click to checkout (median)")
      ),
      chart = function(clicks) {
        bar_chart(
          utils::head(clicks, 12), "channel", c(order_count = "Orders"),
          "Orders by channel of the first click"
        )
      },
      on_click = choose_channel
    )
    panel_server(
      "clicked_products", reactive(products_clicked_first(ask, filters())),
      empty = "No order of this period began with a click on a product.",
      columns = list(
        product_name = text_column("Product"), product_category = text_column("Category"),
        order_count = number_column("Orders"), revenue = money_column("Revenue of these orders")
      ),
      chart = function(products) {
        bar_chart(
          utils::head(products, 10), "product_name", c(order_count = "Orders"), "Products clicked first"
        )
      }
    )

    weeks <- reactive(with_shares(cohorts_by_week(ask, filters())))
    output$cohorts_about <- renderText({
      cohort_sentence(filters()$cohort, filters()$measure, filters()$channel)
    })
    panel_server(
      "cohorts", weeks, empty = "There are no cohorts yet.",
      columns = list(
        cohort_week = day_column("Week of"), cohort_size = number_column("People"),
        week_number = number_column("Weeks later"), state = text_column("Week"),
        retained_count = number_column("Came back"), retained_share = percent_column("Share"),
        revenue = money_column("Revenue"), revenue_per_customer = money_column("Revenue per person so far")
      ),
      chart = function(weeks) cohort_chart(weeks, filters()$measure)
    )
    output$lifetime_about <- renderText(paste0(
      "Revenue so far per person, by weeks since the ", tolower(COHORT_TYPES[[filters()$cohort]]),
      ", of all cohorts that are as old: the later the week, the fewer."
    ))
    panel_server(
      "lifetime", reactive(lifetime_value(ask, filters())), empty = "No cohort is a week old yet.",
      columns = list(
        week_number = number_column("Weeks later"), revenue_per_customer = money_column("Revenue per person"),
        cohort_size = number_column("People"), cohort_count = number_column("Cohorts")
      ),
      chart = function(weeks) {
        line_chart(
          transform(weeks, week = paste("Week", week_number)), "week",
          c(revenue_per_customer = "Revenue per person"),
          "Revenue per person by weeks since they came", "money", area = TRUE
        )
      }
    )
  })
}

channel_totals <- function(days) {
  measures <- c("session_count", "converted_count", "order_count", "revenue")
  if (nrow(days) == 0) return(days)
  totals <- stats::aggregate(days[measures], days["channel"], sum)
  totals <- transform(
    totals, conversion = share_of(converted_count, session_count),
    revenue_per_session = share_of(revenue, session_count)
  )
  totals[order(-totals$revenue, -totals$session_count, totals$channel), ]
}

# One row per channel, with two columns for each model; the most revenue by last first.
models_side_by_side <- function(credits) {
  if (nrow(credits) == 0) return(credits)
  channels <- sort(unique(credits$channel))
  by <- list(factor(credits$channel, channels), factor(credits$model, names(MODELS)))
  beside <- function(measure) {
    table <- tapply(credits[[measure]], by, sum, default = 0)
    as.data.frame(matrix(table, nrow(table), dimnames = list(NULL, colnames(table))))
  }
  revenue <- setNames(beside("revenue"), paste0("revenue_", names(MODELS)))
  orders <- setNames(beside("order_count"), paste0("orders_", names(MODELS)))
  table <- data.frame(channel = channels, revenue, orders)
  table[order(-table$revenue_last, -table$revenue_linear, table$channel), ]
}

first_click_sentence <- function(clicks, channel) {
  if (clicks$order_count == 0) return("")
  sentence <- sprintf(
    "%s of %s orders followed a click%s", format_percent(clicks$clicked_count / clicks$order_count),
    format_number(clicks$order_count), if (channel == "") "" else paste(" of", channel)
  )
  if (clicks$clicked_count == 0) return(paste0(sentence, "."))
  paste0(sentence, ", half of them within ", format_seconds(clicks$median_seconds), ".")
}
