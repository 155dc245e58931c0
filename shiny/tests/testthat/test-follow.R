test_that("the same value again is no news, and what goes wrong is passed on", {
  source <- reactiveVal(1)
  runs <- 0
  server <- function(input, output, session) {
    followed <- distinct(reactive(if (source() < 0) stop("negative") else source() %/% 10))
    output$seen <- renderText({
      runs <<- runs + 1
      followed()
    })
  }
  testServer(server, {
    session$flushReact()
    source(11)
    session$flushReact()
    expect_equal(output$seen, "1")
    counted <- runs
    source(12)
    session$flushReact()
    expect_equal(runs, counted)
    source(-1)
    session$flushReact()
    expect_error(output$seen, "negative")
    source(35)
    session$flushReact()
    expect_equal(output$seen, "3")
  })
})

test_that("how old the data is stands beside its time zone, and what is late is said to be", {
  last <- data.frame(last_event_at = "2026-01-01 10:00", time_zone = "Europe/Vienna", seconds_since_load = 300)
  note <- function(last) gsub("\\s+", " ", gsub("<[^>]+>", "", as.character(freshness_note(last))))
  expect_match(note(last), "Data up to 2026-01-01 10:00 (Europe/Vienna) · loaded 5 minutes ago", fixed = TRUE)
  expect_no_match(note(last), "nothing new")
  late <- transform(last, seconds_since_load = 3 * 3600)
  expect_match(note(late), "3 hours ago, nothing new since", fixed = TRUE)
  expect_match(note(last[0, ]), "No data yet")
})
