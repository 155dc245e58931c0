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

test_that("visitors are counted exactly, whatever they are filtered by", {
  choices <- ask_warehouse(
    "select channel, device_type, user_login_state from marts.sessions
     where not is_bot and device_type is not null and user_login_state is not null group by 1, 2, 3
     order by count(*) desc limit 3"
  )
  for (place in seq_len(nrow(choices))) {
    filters <- list(
      channel = choices$channel[place], device = choices$device_type[place], login = choices$user_login_state[place]
    )
    for (chosen in list("channel", "device", "login", c("channel", "device"), names(filters))) {
      said <- do.call(filters_said, c(filters[chosen], period = "14d"))
      by_day <- visitors_by_day(ask_warehouse, said)
      counted <- ask_warehouse(
        "select count(distinct visitor_id)::float8 as people,
           count(distinct visitor_id) filter (where started_date = {to}::date)::float8 as of_last_day
         from marts.sessions
         where not is_bot and started_date between {from}::date and {to}::date
           and ({channel} = '' or channel = {channel}) and ({device} = '' or device_type = {device})
           and ({login} = '' or user_login_state = {login})", said
      )
      expect_equal(visitors_of_period(ask_warehouse, said), counted$people)
      expect_equal(by_day$visitors[nrow(by_day)], counted$of_last_day)
    }
  }
})
