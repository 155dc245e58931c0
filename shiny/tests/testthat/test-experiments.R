results <- function(...) {
  usual <- data.frame(
    experiment = "button", variant = c("control", "red"), metric = "conversion", is_control = c(TRUE, FALSE),
    visitor_count = 500, excluded_count = 0, value = c(0.1, 0.12), lift = c(NA, 0.2), ci_low = c(NA, 0.05),
    ci_high = c(NA, 0.35), p_value = c(NA, 0.01), srm_p_value = 0.4, status = "ok"
  )
  transform(usual, ...)
}
said <- function(results) gsub("\\s+", " ", gsub("<[^>]+>", " ", as.character(verdict(results))))

test_that("a clear difference is told with its size and direction", {
  expect_match(said(results()), "With red, conversion is higher by 20.0 %.", fixed = TRUE)
  lower <- results(lift = c(NA, -0.2), ci_low = c(NA, -0.35), ci_high = c(NA, -0.05))
  expect_match(said(lower), "With red, conversion is lower by 20.0 %.", fixed = TRUE)
})

test_that("a difference that chance could have made is none", {
  expect_match(said(results(ci_low = c(NA, -0.05))), "No difference that chance could not have made")
})

test_that("too few visitors, or a broken split, allow no verdict", {
  expect_match(said(results(status = "not_enough_data", lift = NA_real_)), "Not enough data yet")
  broken <- said(results(status = "sample_ratio_mismatch", srm_p_value = 1e-7))
  expect_match(broken, "Do not believe these results")
  expect_match(broken, "less than 0.1 %", fixed = TRUE)
  expect_equal(nrow(measured_lifts(results(status = "sample_ratio_mismatch"))), 0)
})

test_that("who saw several variants is counted as left out", {
  expect_match(said(results(excluded_count = 7)), "7 who saw several variants", fixed = TRUE)
})

test_that("the page shows what the mart has", {
  chosen <- filters_said()
  testServer(mod_experiments_server, args = list(id = "experiments", filters = reactive(chosen), ask = ask_warehouse), {
    expect_equal(sort(unique(results()$variant)), sort(value_of(
      "select distinct variant from marts.experiment_results where experiment = {experiment}", chosen
    )))
    expect_match(output$verdict$html, chosen$experiment, fixed = TRUE)
  })
})
