# What every page must do, whatever is asked of it.

# The outputs of a page that end in an error which is no sentence for the reader.
failures_of <- function(page, said) {
  failed <- character()
  server <- match.fun(paste0("mod_", page, "_server"))
  testServer(server, args = list(id = page, filters = reactive(said), ask = ask_warehouse), {
    session$flushReact()
    for (name in ls(session$.__enclos_env__$private$outs)) {
      tryCatch(
        session$getOutput(name),
        shiny.silent.error = function(sentence) NULL,
        error = function(problem) failed <<- c(failed, paste(name, conditionMessage(problem)))
      )
    }
  })
  failed
}

nothing_there <- function() {
  found <- ask_warehouse("
    select days.activity_date::text as day, channels.channel
    from marts.activity_daily as days
    cross join (select distinct channel from marts.sessions_daily) as channels
    left join marts.sessions_daily using (activity_date, channel)
    where sessions_daily.channel is null
    limit 1
  ")
  filters_said(from = found$day, to = found$day, channel = found$channel, search = "no such product", id = "nobody")
}

test_that("no page fails where there is nothing", {
  said <- nothing_there()
  for (page in names(PAGES)) expect_equal(failures_of(page, said), character(), label = page)
})

test_that("no page fails with everything that can be chosen", {
  everything <- filters_said()
  chosen <- filters_said(
    period = "all", compare = "year", metric = "visitors", grain = "week", direction = "back", depth = "5", share = "0",
    by = "user_login_state", count = "open", sort = "not-converting", cohort = "first_visit", measure = "revenue",
    find = "order", channel = "Direct", device = "mobile", login = "anonymous", event = "product_view",
    node = "product",
    category = choices(ask_warehouse)$category[1], segment = choices(ask_warehouse)$segment[1], search = "a"
  )
  for (page in names(PAGES)) {
    expect_equal(failures_of(page, everything), character(), label = page)
    expect_equal(failures_of(page, chosen), character(), label = page)
  }
})
