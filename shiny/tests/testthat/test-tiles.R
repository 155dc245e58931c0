text_of <- function(tag) gsub("\\s+", " ", gsub("<[^>]+>", "", as.character(tag)))
class_of <- function(mark) mark$attribs$class

test_that("numbers change by a share, rates by points", {
  expect_match(text_of(change_mark(110, 100, is_rate = FALSE, is_better_less = FALSE)), "10.0 %", fixed = TRUE)
  expect_match(text_of(change_mark(0.05, 0.04, is_rate = TRUE, is_better_less = FALSE)), "1.0 points", fixed = TRUE)
})

test_that("up is better, but not for what should be small", {
  expect_equal(class_of(change_mark(2, 1, FALSE, FALSE)), "change better")
  expect_equal(class_of(change_mark(1, 2, FALSE, FALSE)), "change worse")
  expect_equal(class_of(change_mark(0.2, 0.1, TRUE, TRUE)), "change worse")
  expect_equal(class_of(change_mark(1, 1, FALSE, FALSE)), "change same")
})

test_that("without a period before, or nothing in it, there is no comparison", {
  expect_equal(text_of(change_mark(1, NULL, FALSE, FALSE)), "no comparison")
  expect_equal(text_of(change_mark(1, 0, FALSE, FALSE)), "no comparison")
  expect_equal(text_of(change_mark(NA, 1, FALSE, FALSE)), "no comparison")
})
