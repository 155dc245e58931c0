marketing_page <- function(said, test) {
  given <- list(id = "marketing", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_marketing_server, args = given, {{ test }})
}

test_that("channels are those of the sessions", {
  said <- filters_said(period = "7d")
  counted <- ask_warehouse(
    "select channel, count(*)::float8 as sessions, count(*) filter (where is_converted)::float8 as converted,
       sum(revenue)::float8 as revenue
     from marts.sessions where not is_bot and started_date between {from}::date and {to}::date
     group by channel order by revenue desc limit 1", said
  )
  marketing_page(said, {
    best <- channel_totals(by_day())[1, ]
    expect_equal(best$channel, counted$channel)
    expect_equal(best$session_count, counted$sessions)
    expect_equal(best$conversion, counted$converted / counted$sessions)
    expect_equal(best$revenue_per_session, counted$revenue / counted$sessions)
    expect_match(output$`channels-table`$html, format_money(counted$revenue), fixed = TRUE)
  })
})

test_that("every model divides all the orders of the period, and a channel is one of its parts", {
  said <- filters_said(period = "14d")
  orders <- ask_warehouse(
    "select count(*)::float8 as orders, sum(coalesce(order_total, 0))::float8 as revenue from marts.orders
     where not is_bot and ordered_date between {from}::date and {to}::date", said
  )
  channels <- models_side_by_side(credits_by_model(ask_warehouse, said))
  expect_gt(orders$orders, 0)
  expect_equal(unname(colSums(channels[paste0("orders_", names(MODELS))])), rep(orders$orders, 6))
  expect_equal(unname(colSums(channels[paste0("revenue_", names(MODELS))])), rep(orders$revenue, 6))
  said$channel <- channels$channel[1]
  only <- models_side_by_side(credits_by_model(ask_warehouse, said))
  expect_equal(as.list(only), as.list(channels[1, ]))
  marketing_page(said, {
    expect_equal(output$`models-chart`$option$series[[2]]$name, "Last")
    expect_equal(output$`models-chart`$option$series[[2]]$data, I(channels$revenue_last[1]))
    expect_equal(unique(by_day()$channel), said$channel)
  })
})

test_that("campaigns are credited as their sessions are", {
  said <- filters_said(period = "all")
  counted <- ask_warehouse(
    "select campaign, channel, sum(credited_revenue)::float8 as revenue from marts.attribution_credits
     where model = 'last' and campaign is not null group by campaign, channel order by revenue desc limit 1"
  )
  best <- campaigns_credited(ask_warehouse, said)[1, ]
  expect_equal(best[c("campaign", "channel")], counted[c("campaign", "channel")])
  expect_equal(best$last_revenue, counted$revenue)
})

test_that("checkouts that a click led to are counted once per order, by the click's channel", {
  said <- filters_said(period = "14d")
  checkouts <- ask_warehouse(
    "select channel, product_id, is_attributed, seconds_to_checkout::float8 as seconds
     from marts.attributed_checkouts
     where is_first_of_order and checkout_date between {from}::date and {to}::date", said
  )
  by_channel <- first_clicks_by_channel(ask_warehouse, said)
  expect_equal(sum(by_channel$order_count), nrow(checkouts))
  best <- by_channel$channel[1]
  expect_equal(by_channel$median_seconds[1], median(checkouts$seconds[checkouts$channel %in% best]))
  expect_equal(
    sum(products_clicked_first(ask_warehouse, said)$order_count),
    sum(checkouts$is_attributed & !is.na(checkouts$product_id))
  )
  marketing_page(said, {
    expect_match(output$clicked, format_percent(mean(checkouts$is_attributed)), fixed = TRUE)
    expect_match(output$clicked, format_seconds(median(checkouts$seconds, na.rm = TRUE)), fixed = TRUE)
  })
  said$channel <- best
  marketing_page(said, {
    expect_match(output$clicked, format_percent(mean(checkouts$channel %in% best)), fixed = TRUE)
    expect_match(output$clicked, paste("a click of", best), fixed = TRUE)
  })
})

test_that("cohorts are summed over channels, or of one", {
  said <- filters_said(cohort = "first_visit")
  people <- ask_warehouse(
    "select cohort_week::text as cohort_week, sum(cohort_size)::float8 as people from marts.retention_weekly
     where cohort_type = 'first_visit' and week_number = 0
     group by cohort_week order by cohort_week desc limit 12"
  )
  second <- ask_warehouse(
    "select first_channel, cohort_week::text as cohort_week, retained_share::float8 as share
     from marts.retention_weekly
     where cohort_type = 'first_visit' and week_number = 1 and is_complete order by cohort_size desc limit 1"
  )
  marketing_page(said, {
    first <- weeks()[weeks()$week_number == 0, ]
    expect_equal(first$cohort_size, rev(people$people))
    expect_equal(unique(first$retained_share), 1)
    drawn <- output$`cohorts-chart`$option$series[[1]]$data
    expect_length(drawn$value, sum(weeks()$is_complete & weeks()$week_number > 0))
  })
  said$channel <- second$first_channel
  marketing_page(said, {
    shown <- weeks()[weeks()$cohort_week == second$cohort_week & weeks()$week_number == 1, ]
    expect_equal(shown$retained_share, second$share)
  })
})

test_that("what a customer is worth is weighed by the size of the cohorts", {
  said <- filters_said(cohort = "first_order", measure = "revenue")
  worth <- ask_warehouse(
    "select cohort_size::float8 as people, cumulative_revenue_per_customer::float8 as worth
     from marts.retention_weekly where cohort_type = 'first_order' and is_complete and week_number = 1"
  )
  found <- lifetime_value(ask_warehouse, said)
  expect_equal(found$revenue_per_customer[found$week_number == 1], weighted.mean(worth$worth, worth$people))
  expect_equal(found$cohort_size[found$week_number == 1], sum(worth$people))
  marketing_page(said, {
    expect_equal(output$`cohorts-chart`$values, "money")
    expect_equal(output$`lifetime-chart`$option$series[[1]]$data, I(found$revenue_per_customer))
  })
})

test_that("models stand beside each other, the most revenue by last first", {
  credits <- data.frame(
    model = c("first", "last", "last"), channel = c("Email", "Email", "Direct"),
    order_count = c(2, 0.5, 1.5), revenue = c(20, 5, 15)
  )
  table <- models_side_by_side(credits)
  expect_equal(table$channel, c("Direct", "Email"))
  expect_equal(table$revenue_last, c(15, 5))
  expect_equal(table$revenue_first, c(0, 20))
  expect_equal(table$orders_linear, c(0, 0))
  expect_equal(models_side_by_side(credits[1, ])$revenue_first, 20)
  expect_equal(nrow(models_side_by_side(credits[0, ])), 0)
})

test_that("weeks that still run are not drawn, nor the week in which all are there", {
  weeks <- with_shares(data.frame(
    cohort_week = "2026-11-02", week_number = 0:2, is_complete = c(TRUE, TRUE, FALSE), cohort_size = 4,
    retained_count = c(4, 1, 0), cumulative_revenue = c(0, 8, 8)
  ))
  expect_equal(weeks$state, c("over", "over", "still running"))
  expect_equal(shown_weeks(weeks, "retained")$retained_share, 0.25)
  expect_equal(shown_weeks(weeks, "revenue")$revenue_per_customer, c(0, 2))
  cells <- cohort_chart(weeks, "retained")$option$series[[1]]$data
  expect_equal(lapply(cells, unclass), list(name = "4 people of Mon 2 Nov 2026, week 1", x = 0, y = 0, value = 0.25))
  expect_error(cohort_chart(weeks[3, ], "retained"), "is over yet")
})

test_that("a sentence says what a click led to, also to nothing", {
  clicks <- data.frame(order_count = 4, clicked_count = 3, median_seconds = 90)
  expect_equal(
    first_click_sentence(clicks, ""), "75.0 % of 4 orders followed a click, half of them within 1 min 30 s."
  )
  expect_equal(
    first_click_sentence(transform(clicks, clicked_count = 0), "SMS"),
    "0.0 % of 4 orders followed a click of SMS."
  )
  expect_equal(first_click_sentence(transform(clicks, order_count = 0), ""), "")
})
