test_that("the newest 90 days, or 8 days of hours, of what was chosen", {
  said <- filters_said(signal = "events", grain = "hour")
  hours <- periods_judged(ask_warehouse, said)
  expect_equal(nrow(hours), value_of(
    "select count(*)::int from marts.anomalies where metric = 'events' and grain = 'hour'
     and period_start >= (select last_event_at - interval '8 days' from marts.freshness)"
  ))
  expect_match(hours$period[1], "^\\d{4}-\\d{2}-\\d{2} \\d{2}:00$")
  days <- periods_judged(ask_warehouse, filters_said(signal = "revenue"))
  expect_match(days$period[1], "^\\d{4}-\\d{2}-\\d{2}$")
  expect_equal(sum(days$actual), value_of(
    "select sum(actual)::float8 from marts.anomalies where metric = 'revenue' and grain = 'day'
     and period_start >= (select last_event_at - interval '90 days' from marts.freshness)"
  ))
})

test_that("the chart marks what is unusual, and only that", {
  said <- filters_said(signal = "sessions", grain = "hour")
  testServer(mod_anomalies_server, args = list(id = "anomalies", filters = reactive(said), ask = ask_warehouse), {
    session$flushReact()
    dots <- as.numeric(na.omit(output$`band-chart`$option$series[[4]]$data))
    unusual <- value_of(
      "select actual::float8 from marts.anomalies where metric = 'sessions' and grain = 'hour'
       and severity in ('warning', 'critical')
       and period_start >= (select last_event_at - interval '8 days' from marts.freshness) order by period_start"
    )
    expect_equal(as.numeric(dots), as.numeric(unusual))
  })
})
