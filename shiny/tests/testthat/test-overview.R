test_that("tiles, trend and their comparison are those of the sessions", {
  said <- filters_said(period = "7d", metric = "orders")
  testServer(mod_overview_server, args = list(id = "overview", filters = reactive(said), ask = ask_warehouse), {
    orders <- value_of(
      "select sum(order_count)::float8 from marts.sessions
       where not is_bot and started_date between {from}::date and {to}::date", said
    )
    before <- value_of(
      "select sum(order_count)::float8 from marts.sessions
       where not is_bot and started_date between {from}::date - 7 and {to}::date - 7", said
    )
    visitors <- value_of(
      "select count(distinct visitor_id)::float8 from marts.sessions
       where not is_bot and started_date between {from}::date and {to}::date", said
    )
    expect_equal(sum(trend()$now), orders)
    expect_equal(sum(trend()$before), before)
    expect_equal(nrow(trend()), 7)
    expect_match(output$tiles$html, format_number(orders), fixed = TRUE)
    expect_match(output$tiles$html, format_number(visitors), fixed = TRUE)
  })
})
