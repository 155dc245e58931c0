series_of <- function(chart) chart$option$series

test_that("a line chart has a line for each column, what is compared with is dashed", {
  days <- data.frame(day = c("2026-01-01", "2026-01-02"), now = c(1, NA), before = c(3, 4))
  drawn <- line_chart(days, "day", c(now = "Now", before = "Before"), "About", dashed = "before")
  expect_equal(lapply(series_of(drawn), `[[`, "data"), list(I(c(1, NA)), I(c(3, 4))))
  expect_equal(vapply(series_of(drawn), function(line) line$lineStyle$type, ""), c("solid", "dashed"))
  expect_equal(drawn$option$xAxis$data, I(c("2026-01-01", "2026-01-02")))
})

test_that("a stack is complete: groups that are missing somewhere count nothing there, small ones are added up", {
  rows <- data.frame(
    day = c("d1", "d1", "d2", "d2", "d2"), group = c("a", "b", "a", "c", "d"), count = c(5, 1, 4, 2, 3)
  )
  drawn <- stacked_chart(rows, "day", "group", "count", "About", most = 2)
  expect_equal(vapply(series_of(drawn), `[[`, "", "name"), c("a", "d", "all others"))
  expect_equal(lapply(series_of(drawn), `[[`, "data"), list(I(c(5, 4)), I(c(0, 3)), I(c(1, 2))))
})

test_that("the largest groups keep their order, one more is not called others", {
  expect_equal(levels(largest(c("x", "y"), c(1, 2), 2)), c("y", "x"))
  expect_equal(as.character(largest(c(NA, "y"), c(1, 2), 2)), c("–", "y"))
})

test_that("what was folded before is folded with the rest, however large it is", {
  group <- c("all others", "a", "b", "c")
  expect_equal(levels(largest(group, c(100, 3, 2, 1), 2)), c("a", "b", "all others"))
  expect_equal(as.character(largest(group, c(100, 3, 2, 1), 2)), c("all others", "a", "b", "all others"))
  expect_equal(levels(largest(group[1:2], c(100, 3), 2)), c("a", "all others"))
})

test_that("one value is still a list for the browser", {
  drawn <- bar_chart(data.frame(name = "a", count = 1), "name", c(count = "Count"), "About")
  expect_match(jsonlite::toJSON(series_of(drawn), auto_unbox = TRUE), '"data":[1]', fixed = TRUE)
})

test_that("a band lies between its bounds, only what is flagged is a dot", {
  periods <- data.frame(
    at = c("p1", "p2"), actual = c(5, 50), lower = c(1, 2), upper = c(9, 8), flagged = c(FALSE, TRUE)
  )
  series <- series_of(band_chart(periods, "at", "actual", "lower", "upper", "flagged", "About"))
  expect_equal(series[[2]]$data, I(c(8, 6)))
  expect_equal(series[[4]]$data, I(c(NA, 50)))
})

test_that("a sparkline goes from left to right and from bottom to top", {
  expect_match(as.character(sparkline(c(0, 10))), "0.0,26.0 100.0,2.0", fixed = TRUE)
  expect_null(sparkline(1))
  expect_null(sparkline(c(NA, NA)))
})
