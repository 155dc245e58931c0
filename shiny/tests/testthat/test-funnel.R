test_that("steps in order are those of the sessions, and a filter is followed", {
  for (device in c("", "mobile")) {
    said <- filters_said(period = "14d", device = device)
    reached <- value_of("
      select count(*)::float8
      from generate_series(1, 4) as steps (step_number)
      join marts.session_funnels on session_funnels.steps_reached >= steps.step_number
      join marts.sessions using (visitor_id, session_key)
      where funnel_name = 'purchase' and not is_bot
      and sessions.started_date between {from}::date and {to}::date
        and ({device} = '' or device_type = {device})
      group by step_number order by step_number
    ", said)
    seconds <- value_of("
      select avg(extract(epoch from step_timestamps[2] - step_timestamps[1]))::float8
      from marts.session_funnels join marts.sessions using (visitor_id, session_key)
      where funnel_name = 'purchase' and steps_reached >= 2 and not is_bot
        and sessions.started_date between {from}::date and {to}::date
        and ({device} = '' or device_type = {device})
    ", said)
    testServer(mod_funnel_server, args = list(id = "funnel", filters = reactive(said), ask = ask_warehouse), {
      expect_equal(filters()$funnel, "purchase")
      expect_equal(steps()$session_count, reached)
      expect_equal(steps()$of_first, reached / reached[1])
      expect_equal(steps()$lost[3], reached[2] - reached[3])
      expect_equal(steps()$seconds[2], seconds)
      expect_match(session$getOutput("funnel-steps-table")$html, format_seconds(seconds), fixed = TRUE)
      expect_match(output$summary, format_percent(reached[4] / reached[1]), fixed = TRUE)
    })
  }
})

test_that("in any order a session counts at each step that it did, and time is not told", {
  said <- filters_said(period = "14d", count = "open", by = "user_login_state")
  done <- ask_warehouse("
    select coalesce(user_login_state, '(none)') as split_value,
      count(*) filter (where 1 = any(open_steps))::float8 as step_1,
      count(*) filter (where 4 = any(open_steps))::float8 as step_4
    from marts.session_funnels join marts.sessions using (visitor_id, session_key)
    where funnel_name = 'purchase' and not is_bot
      and sessions.started_date between {from}::date and {to}::date
    group by 1 order by 2 desc
  ", said)
  testServer(mod_funnel_server, args = list(id = "funnel", filters = reactive(said), ask = ask_warehouse), {
    expect_equal(as.list(split()[c("split_value", "step_1", "step_4")]), as.list(done))
    expect_equal(steps()$session_count[c(1, 4)], c(sum(done$step_1), sum(done$step_4)))
    expect_true(all(is.na(steps()$seconds)))
    expect_no_match(session$getOutput("funnel-steps-table")$html, "Time to it", fixed = TRUE)
  })
})

test_that("conversion over time adds up to that of the steps", {
  said <- filters_said(period = "14d", channel = "Email")
  testServer(mod_funnel_server, args = list(id = "funnel", filters = reactive(said), ask = ask_warehouse), {
    days <- funnel_over_time(ask, filters(), "day")
    expect_equal(days$place, format(seq(said$from, said$to, by = "day")))
    expect_equal(sum(days$first_count), steps()$session_count[1])
    expect_equal(sum(days$last_count), steps()$session_count[4])
    expect_equal(split()$split_value, "Email")
    expect_equal(grain(), "day")
  })
})

test_that("a step that nobody did is still a step", {
  counted <- data.frame(
    step_number = c(1, 1, 2, 3), step_name = c("See", "See", "Add", "Buy"),
    split_value = c("a", "logged_in", "a", NA),
    session_count = c(6, 2, 4, 0), seconds_from_previous_sum = c(0, 0, 40, NA)
  )
  steps <- steps_of(counted, "closed")
  expect_equal(steps$session_count, c(8, 4, 0))
  expect_equal(steps$of_previous, c(NA, 0.5, 0))
  expect_equal(steps$lost, c(NA, 4, 4))
  expect_equal(steps$seconds, c(NA, 10, NA))
  expect_equal(steps_of(counted, "open")$seconds, rep(NA_real_, 3))
  expect_equal(nrow(steps_of(transform(counted, session_count = 0), "closed")), 0)
  rows <- split_of(counted)
  expect_equal(rows$shown, c("A", "Logged in"))
  expect_equal(rows$step_2, c(4, 0))
  expect_equal(rows$conversion, c(0, 0))
})

test_that("long names of steps leave room for the number", {
  steps <- data.frame(
    step_name = c("Ordered", "Newsletter subscription confirmed"), session_count = c(7, 1234567)
  )
  labels <- step_labels(steps)
  expect_equal(labels[1], "Ordered \u00b7 7")
  expect_true(all(nchar(labels) <= 28))
  expect_match(labels[2], "1,234,567", fixed = TRUE)
})
