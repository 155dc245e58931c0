test_that("definitions name the numbers that the warehouse was built with", {
  settings <- metric_settings(ask_warehouse)
  written <- lapply(DEFINITIONS_OF, function(names) as.character(definition_list(names, settings)))
  expect_no_match(paste(written, collapse = ""), "[{}]")
  gap <- settings$value[settings$setting == "session_gap_seconds"]
  expect_match(written[[1]], paste("no pause of more than", gap, "seconds"), fixed = TRUE)
})

test_that("every page has definitions, and every definition a page", {
  expect_setequal(names(DEFINITIONS_OF), names(PAGES))
  expect_setequal(unique(unlist(DEFINITIONS_OF)), names(DEFINITIONS))
})
