test_that("numbers are written as people write them, and what is unknown as a dash", {
  expect_equal(format_number(c(1234567, NA, 0)), c("1,234,567", "–", "0"))
  expect_equal(format_money(1234.5), "1,234.50")
  expect_equal(format_percent(c(0.1234, 0)), c("12.3 %", "0.0 %"))
  expect_equal(format_day("2026-11-05"), "Thu 5 Nov 2026")
  expect_equal(format_seconds(c(59, 61, 3600, 7384, NA)), c("59 s", "1 min 01 s", "1 h 00 min", "2 h 03 min", "–"))
  expect_equal(format_text(c("a", "", NA)), c("a", "–", "–"))
})

test_that("a share of nothing is unknown", {
  expect_equal(share_of(c(1, 1), c(2, 0)), c(0.5, NA))
})

test_that("a link carries its ids whatever they contain", {
  expect_equal(go_query(find = "order", id = "a&b=c #1"), "find=order&id=a%26b%3Dc%20%231")
})
