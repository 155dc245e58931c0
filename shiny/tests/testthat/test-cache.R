test_that("an answer is remembered for the same question, values and data, and no other", {
  sql <- "select {value}::int as value, clock_timestamp()::text as at"
  ask <- function(version, value) remembered(version, sql, list(value = value))
  first <- ask("1", 1)
  expect_equal(ask("1", 1), first)
  expect_false(ask("2", 1)$at == first$at)
  expect_equal(ask("1", 2)$value, 2L)
})

test_that("what failed is asked again", {
  sql <- "select 1 / {value}::int as result"
  suppressMessages(expect_error(remembered("1", sql, list(value = 0))))
  expect_equal(remembered("1", sql, list(value = 1))$result, 1L)
  suppressMessages(expect_error(remembered("1", sql, list(value = 0)), class = "warehouse_error"))
})
