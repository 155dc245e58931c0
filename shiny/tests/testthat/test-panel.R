test_that("a CSV that could not be had once is had the next time", {
  asked <- 0
  all <- function() {
    asked <<- asked + 1
    if (asked == 1) stop("away")
    data.frame(people = c("a", "b"))
  }
  given <- list(data = reactive(data.frame(people = "a")), columns = list(people = text_column("People")), all = all)
  testServer(panel_server, args = given, {
    expect_error(output$csv)
    expect_equal(utils::read.csv(output$csv, fileEncoding = "UTF-8-BOM")$people, c("a", "b"))
  })
})
