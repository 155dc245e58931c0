data <- list(
  first_day = as.Date("2026-01-01"), last_day = as.Date("2026-03-31"), last_whole_day = as.Date("2026-03-31"),
  choices = list(channel = c("Direct", "Email"), funnel = c("purchase", "wish"), signal = c("sessions", "orders"))
)

test_that("an address that says nothing means the latest two weeks of everything", {
  filters <- filters_of(list(), data)
  expect_equal(filters$page, "overview")
  expect_equal(c(filters$from, filters$to), as.Date(c("2026-03-18", "2026-03-31")))
  expect_equal(filters$compared, list(from = as.Date("2026-03-04"), to = as.Date("2026-03-17")))
  expect_equal(filters[c("channel", "device", "category", "search", "id")], list(
    channel = "", device = "", category = "", search = "", id = ""
  ))
})

test_that("events are those of all days, unless days are said", {
  filters <- filters_of(list(page = "events"), data)
  expect_equal(c(filters$from, filters$to), as.Date(c("2026-01-01", "2026-03-31")))
  filters <- filters_of(list(page = "events", from = "2026-02-01", to = "2026-02-02"), data)
  expect_equal(c(filters$from, filters$to), as.Date(c("2026-02-01", "2026-02-02")))
})

test_that("what must be chosen is the first of the choices", {
  expect_equal(filters_of(list(), data)$funnel, "purchase")
  expect_equal(filters_of(list(funnel = "wish"), data)$funnel, "wish")
  expect_equal(filters_of(list(), data)$experiment, "")
})

test_that("what the address says is taken from it", {
  said <- list(page = "funnel", from = "2026-02-01", to = "2026-02-10", channel = "Email", by = "device_type")
  filters <- filters_of(said, data)
  expect_equal(filters[c("page", "channel", "by")], list(page = "funnel", channel = "Email", by = "device_type"))
  expect_equal(c(filters$from, filters$to), as.Date(c("2026-02-01", "2026-02-10")))
})

test_that("days in the wrong order are turned round, and cut to those of the data", {
  filters <- filters_of(list(from = "2027-01-01", to = "2025-01-01"), data)
  expect_equal(c(filters$from, filters$to), as.Date(c("2026-01-01", "2026-03-31")))
})

test_that("what is not known is ignored", {
  usual <- filters_of(list(), data)
  hostile <- list(
    page = "admin", channel = "' or 1 = 1", device = "mobile", from = "2026-02-31", to = "2026-03-01", compare = "all",
    metric = c("orders", "revenue"), depth = list("3"), login = NA_character_, grain = 1, sort = "\xff", extra = "x"
  )
  expect_equal(filters_of(hostile, data), usual)
  for (query in list(NULL, "page=funnel", list("funnel"), list(list()))) expect_equal(filters_of(query, data), usual)
})

test_that("free text is cut and never more than text", {
  expect_equal(filters_of(list(search = "  red shoe "), data)$search, "red shoe")
  expect_equal(nchar(filters_of(list(search = strrep("x", 300)), data)$search), MAX_TEXT[["search"]])
  expect_equal(filters_of(list(search = strrep("x", 10000)), data)$search, "")
})

test_that("the page is told from the address alone, whatever else is wrong", {
  expect_equal(page_said(list(page = "funnel")), "funnel")
  for (query in list(NULL, list(page = "admin"), list(page = 1), list(page = c("funnel", "trends")), "funnel")) {
    expect_equal(page_said(query), "overview")
  }
})
