test_that("events over time are those of the events, in the reporting time zone", {
  said <- filters_said(period = "7d", login = "logged_in")
  by_name <- ask_warehouse("
    select event_name as name, count(*)::float8 as event_count from marts.clickstream_events
    where not is_bot and event_date between {from}::date and {to}::date and user_login_state = {login}
    group by event_name order by event_name collate \"C\"
  ", said)
  testServer(mod_trends_server, args = list(id = "trends", filters = reactive(said), ask = ask_warehouse), {
    events <- events_split("event_name")
    expect_gt(nrow(by_name), 3)
    expect_equal(sort(unique(events$place)), format(seq(said$from, said$to, by = "day")))
    sums <- tapply(events$event_count, events$name, sum)
    expect_equal(as.vector(sums[by_name$name]), by_name$event_count)
    expect_equal(sum(sums), sum(by_name$event_count))
    expect_equal(unique(events_split("user_login_state")$name), "logged_in")
  })
})

test_that("an event by hour has a place for every hour so far, and its hours those of the week", {
  said <- filters_said(period = "7d", grain = "hour", event = "checkout_start")
  by_hour <- ask_warehouse("
    select
      to_char(event_timestamp at time zone (
        select value from marts.metric_settings where setting = 'reporting_timezone'
      ), 'YYYY-MM-DD HH24:00') as place,
      count(*)::float8 as event_count
    from marts.clickstream_events
    where not is_bot and event_date between {from}::date and {to}::date and event_name = 'checkout_start'
    group by 1 order by 1
  ", said)
  testServer(mod_trends_server, args = list(id = "trends", filters = reactive(said), ask = ask_warehouse), {
    events <- events_split("event_name")
    expect_gt(nrow(events), 6 * 24)
    expect_equal(unique(events$name), "checkout_start")
    expect_equal(events[events$event_count > 0, "place"], by_hour$place)
    expect_equal(events[events$event_count > 0, "event_count"], by_hour$event_count)
    expect_true(max(events$place) <= last_load(ask_warehouse)$last_event_at)
    # One week: every weekday once, so the average is the sum.
    hours <- week_of(events_by_weekday_and_hour(ask, said))
    expect_equal(nrow(hours), 7 * 24)
    expect_equal(hours$weekday[1], "Monday")
    expect_equal(sum(hours$average), sum(by_hour$event_count))
    # Sessions have no hour: they stay by day, and are of any event.
    expect_equal(sort(unique(sessions()$place)), format(seq(said$from, said$to, by = "day")))
  })
})

test_that("weeks begin on Monday, and sessions follow every filter", {
  said <- filters_said(
    period = "all", grain = "week", channel = "Organic Search", device = "mobile", login = "anonymous"
  )
  expected <- ask_warehouse("
    select (started_date - (extract(isodow from started_date)::int - 1))::text as place,
      count(*) filter (where is_new_visitor)::float8 as new,
      count(*) filter (where not is_new_visitor)::float8 as returning
    from marts.sessions
    where not is_bot and started_date between {from}::date and {to}::date
      and channel = 'Organic Search' and device_type = 'mobile' and user_login_state = 'anonymous'
    group by 1 order by 1
  ", said)
  testServer(mod_trends_server, args = list(id = "trends", filters = reactive(said), ask = ask_warehouse), {
    shown <- new_and_returning(sessions())
    expect_gt(nrow(expected), 2)
    expect_equal(shown[c("place", "new", "returning")], expected)
    expect_equal(unique(sessions()$channel), "Organic Search")
    expect_true(all(as.POSIXlt(unique(events_split("event_name")$place))$wday == 1))
    expect_match(output$grain, "Monday", fixed = TRUE)
  })
})

test_that("hours of more than 31 days become days, and a sentence says so", {
  month <- list(from = as.Date("2026-01-01"), to = as.Date("2026-01-31"), grain = "hour")
  expect_equal(grain_of(month), "hour")
  expect_equal(grain_of(modifyList(month, list(to = as.Date("2026-02-01")))), "day")
  expect_match(grain_sentence("hour", "day"), "31 days", fixed = TRUE)
  expect_equal(grain_sentence("day", "day"), "")
})

test_that("a gap takes the name of another, and only gaps are nothing", {
  data <- data.frame(place = c("a", "b"), name = c(NA, "x"), event_count = c(0, 2))
  expect_equal(gaps_filled(data, "name")$name, c("x", "x"))
  expect_equal(nrow(gaps_filled(data[1, ], "name")), 0)
})

test_that("an hour is averaged over how often its weekday is in the period", {
  hours <- data.frame(weekday = c(1, 7), hour = c(9, 0), event_count = c(6, 0), day_count = c(2, 1))
  week <- week_of(hours)
  expect_equal(week$average, c(3, 0))
  expect_equal(week$weekday, c("Monday", "Sunday"))
  expect_equal(nrow(week_of(transform(hours, event_count = 0))), 0)
  cells <- week_chart(week, "average", "Hours")$option$series[[1]]$data
  expect_equal(lapply(cells, function(column) unclass(column)[1]), list(name = "Monday 09:00", x = 9, y = 0, value = 3))
})

test_that("a pressed column leads into its week or day, and nothing else does", {
  expect_equal(
    days_within("2026-11-16", "week"),
    list(from = "2026-11-16", to = "2026-11-22", period = "", grain = "day")
  )
  expect_equal(days_within("2026-11-16", "day")[c("to", "grain")], list(to = "2026-11-16", grain = "hour"))
  expect_null(days_within("2026-11-16 10:00", "hour"))
  expect_null(days_within("<b>", "day"))
})
