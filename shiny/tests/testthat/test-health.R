test_that("what was received adds up to what was loaded, by hour and by day", {
  for (period in c("7d", "all")) {
    said <- filters_said(period = period)
    received <- receipts(ask_warehouse, said)
    expect_equal(sum(received$event_count), value_of(
      "select sum(event_count)::float8 from marts.load_health
       where (receipt_hour at time zone 'UTC')::date between {from}::date and {to}::date", said
    ))
    expect_match(received$received[1], if (period == "7d") ":00$" else "^\\d{4}-\\d{2}-\\d{2}$")
    expect_false(is.unsorted(rev(received$received)))
  }
})

test_that("an hour that brought nothing has its row", {
  received <- receipts(ask_warehouse, filters_said(period = "7d"))
  hours <- as.POSIXct(rev(received$received), tz = "UTC")
  expect_equal(unique(as.numeric(diff(hours), units = "hours")), 1)
})

test_that("late and settled days are those of the mart", {
  said <- filters_said(period = "28d")
  testServer(mod_health_server, args = list(id = "health", filters = reactive(said), ask = ask_warehouse), {
    expect_equal(sum(days()$late_event_count), value_of(
      "select sum(late_event_count)::float8 from marts.late_data_daily
       where activity_date between {from}::date and {to}::date", said
    ))
    expect_equal(sum(days()$is_settled), value_of(
      "select count(*)::int from marts.late_data_daily
       where is_settled and activity_date between {from}::date and {to}::date", said
    ))
  })
})

test_that("fields are those of the last whole day", {
  found <- fields(ask_warehouse, filters_said())
  expect_equal(nrow(found), value_of(
    "select count(*)::int from marts.data_quality_daily
     where activity_date = (select as_of_date - 1 from marts.freshness)"
  ))
  expect_true("product_id" %in% found$field)
})
