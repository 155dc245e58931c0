first <- as.Date("2026-01-10")
last <- as.Date("2026-03-31")
days <- function(from, to) list(from = as.Date(from), to = as.Date(to))

test_that("periods end on the data's last day and begin no earlier than its first", {
  expect_equal(period_days("1d", first, last), days("2026-03-31", "2026-03-31"))
  expect_equal(period_days("7d", first, last), days("2026-03-25", "2026-03-31"))
  expect_equal(period_days("365d", first, last), days("2026-01-10", "2026-03-31"))
  expect_equal(period_days("month", first, last), days("2026-03-01", "2026-03-31"))
  expect_equal(period_days("last-month", first, last), days("2026-02-01", "2026-02-28"))
  expect_equal(period_days("year", first, last), days("2026-01-10", "2026-03-31"))
  expect_equal(period_days("all", first, last), days("2026-01-10", "2026-03-31"))
})

test_that("a number of days ends with the last whole one, where the last is not over", {
  yesterday <- last - 1
  expect_equal(period_days("7d", first, last, yesterday), days("2026-03-24", "2026-03-30"))
  expect_equal(period_days("1d", first, last, yesterday), days("2026-03-31", "2026-03-31"))
  expect_equal(period_days("month", first, last, yesterday), days("2026-03-01", "2026-03-31"))
  expect_equal(last_whole_day("2026-03-31 22:59", first), yesterday)
  expect_equal(last_whole_day("2026-03-31 23:00", first), last)
  expect_equal(last_whole_day("2026-01-10 09:00", first), first)
})

test_that("a month before the first day has no days before it either", {
  expect_equal(period_days("last-month", as.Date("2026-03-05"), last), days("2026-03-05", "2026-03-05"))
})

test_that("periods are compared with as many days before, or the same weekdays a year before", {
  from <- as.Date("2026-03-25")
  expect_equal(compared_days("previous", from, last, first), days("2026-03-18", "2026-03-24"))
  year_before <- compared_days("year", from, last, as.Date("2024-01-01"))
  expect_equal(year_before, days("2025-03-26", "2025-04-01"))
  expect_equal(weekdays(year_before$from), weekdays(from))
  expect_null(compared_days("none", from, last, first))
})

test_that("nothing is compared with a period that begins before the data", {
  expect_null(compared_days("previous", as.Date("2026-01-16"), as.Date("2026-01-22"), first))
  expect_equal(
    compared_days("previous", as.Date("2026-01-17"), as.Date("2026-01-23"), first), days("2026-01-10", "2026-01-16")
  )
})

test_that("nothing is compared while the last day is not over", {
  expect_null(compared_days("previous", last, last, first, last_whole = last - 1))
  expect_equal(compared_days("previous", last - 1, last - 1, first, last_whole = last - 1), days(last - 2, last - 2))
})

test_that("a period is offered where there are days of it, and it is not all of them", {
  expect_setequal(periods_there(as.Date("2025-12-31"), last), names(PERIODS))
  expect_setequal(setdiff(names(PERIODS), periods_there(as.Date("2026-02-28"), last)), "year")
  this_month <- periods_there(as.Date("2026-03-01"), last)
  expect_setequal(setdiff(names(PERIODS), this_month), c("month", "last-month", "year"))
})

test_that("only days of the calendar are days", {
  expect_true(is_day("2026-02-28"))
  for (text in c("2026-02-31", "2026-2-1", "tomorrow", "", "2026-02-28; drop")) expect_false(is_day(text))
})
