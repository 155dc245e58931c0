sessions_between <- function(said) {
  value_of("
    select count(*)::float8 from marts.sessions
    where not is_bot and started_date between {from}::date and {to}::date
  ", said)
}

flow_output <- function(session) session$getOutput("journeys-flow-chart")$option$series[[1]]

test_that("ways from the start are those of the transitions, and a small link leads to (other)", {
  said <- filters_said(period = "14d", depth = "2", share = "5")
  step_totals <- value_of("
    select sum(session_count)::float8 from marts.journey_transitions_daily
    where activity_date between {from}::date and {to}::date and step_number <= 2
    group by step_number order by step_number
  ", said)
  home <- value_of("
    select sum(session_count)::float8 from marts.journey_transitions_daily
    where activity_date between {from}::date and {to}::date and step_number = 1 and to_node = 'home'
  ", said)
  sessions <- sessions_between(said)
  given <- list(id = "journeys", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_journeys_server, args = given, {
    expect_equal(step_totals[1], sessions)
    expect_equal(as.vector(tapply(shown()$session_count, shown()$step_number, sum)), step_totals)
    first <- shown()[shown()$step_number == 1, ]
    expect_equal(first$session_count[first$far_node == "home"], home)
    expect_true(all(shown()$session_count[shown()$far_node != "(other)"] >= 0.05 * sessions))
    expect_true("(other)" %in% shown()$far_node)
    expect_match(output$followed, format_number(sessions), fixed = TRUE)
    expect_match(output$followed, "from their start", fixed = TRUE)
    drawn <- flow_output(session)
    expect_equal(c(drawn$data$name[1], drawn$data$depth[1]), c("(start)\t0", 0))
    expect_equal(sum(drawn$links$value), sum(step_totals))
  })
})

test_that("ways back to a page end at it, in the order of time", {
  said <- filters_said(period = "14d", direction = "back", node = "product", depth = "3", share = "0")
  before <- ask_warehouse("
    select from_node, sum(session_count)::float8 as session_count from marts.journey_flows_daily
    where activity_date between {from}::date and {to}::date
      and direction = 'back' and anchor_node = 'product' and step_number = 1
    group by from_node order by 2 desc, from_node collate \"C\"
  ", said)
  given <- list(id = "journeys", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_journeys_server, args = given, {
    expect_gt(nrow(before), 1)
    shown_before <- shown()[shown()$step_number == 1, ]
    expect_equal(sort(shown_before$far_node), sort(before$from_node))
    expect_equal(sum(shown_before$session_count), sum(before$session_count))
    drawn <- flow_output(session)
    into <- drawn$links$target == "product\t3"
    expect_equal(sum(drawn$links$value[into]), sum(before$session_count))
    expect_match(output$followed, "back from the last time that they were at product", fixed = TRUE)
  })
})

test_that("back without a page goes back from where sessions ended", {
  said <- filters_said(direction = "back", depth = "1", share = "0")
  given <- list(id = "journeys", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_journeys_server, args = given, {
    exits <- value_of("
      select sum(exit_count)::float8 from marts.pages_daily where activity_date between {from}::date and {to}::date
    ", said)
    # Sessions without any page end, too; ways of more than a hundred steps have no end.
    expect_gte(followed(links()), 0.9 * exits)
    expect_equal(unique(links()$near_node), "(end)")
    expect_match(output$followed, "back from their end", fixed = TRUE)
  })
})

test_that("pages are those where most sessions began and ended", {
  said <- filters_said(period = "14d")
  for (side in c("entry", "exit")) {
    expected <- ask_warehouse(sprintf("
      select coalesce(%1$s_page_path, '(none)') as page_path, count(*)::float8 as %2$s_count
      from marts.sessions
      where not is_bot and started_date between {from}::date and {to}::date
      group by 1 order by 2 desc, page_path limit 1
    ", if (side == "entry") "landing" else "exit", side), said)
    pages <- most_of(entries_and_exits(ask_warehouse, said), paste0(side, "_count"), 100)
    expect_equal(as.list(pages[1, names(expected)]), as.list(expected))
    expect_lte(nrow(pages), 100)
  }
})

test_that("the most taken ways have their share of all sessions", {
  said <- filters_said(period = "14d")
  paths <- top_paths(ask_warehouse, said)
  sessions <- sessions_between(said)
  expect_equal(paths$session_share[1], paths$session_count[1] / sessions)
  expect_lte(nrow(paths), 50)
  expect_false(is.unsorted(-paths$session_count))
})

test_that("folding keeps the sum of every step, and what goes on from hidden nodes goes on from (other)", {
  links <- data.frame(
    step_number = c(1, 1, 1, 2, 2, 2), near_node = c("(start)", "(start)", "(start)", "home", "b", "c"),
    far_node = c("home", "b", "c", "(end)", "cart", "cart"), session_count = c(90, 6, 4, 90, 6, 4)
  )
  flow <- folded(links, 0.1)
  expect_equal(flow$far_node, c("home", "(other)", "(end)", "cart"))
  expect_equal(flow$near_node, c("(start)", "(start)", "home", "(other)"))
  expect_equal(flow$session_count, c(90, 10, 90, 10))
  expect_equal(nrow(folded(links, 0)), 6)
  expect_equal(nrow(folded(links[0, ], 0.1)), 0)
})

test_that("going back, the anchor stands last", {
  links <- data.frame(
    step_number = c(1, 2), near_node = c("cart", "product"), far_node = c("product", "(start)"),
    session_count = c(5, 5)
  )
  drawn <- flow_chart(links, "back", "Back")$option$series[[1]]
  expect_equal(lapply(drawn$links, unclass), list(
    source = c("product\t1", "(start)\t0"), target = c("cart\t2", "product\t1"), value = c(5, 5)
  ))
  table <- from_and_to(links, "back")
  expect_equal(table$from_node, c("product", "(start)"))
  expect_equal(table$share, c(1, 1))
})

test_that("the sentence says what is followed, and what is folded only where something is", {
  from_start <- followed_sentence(4520, "(start)", "forward", 0.01, "100")
  expect_match(from_start, "^Follows 4,520 sessions from their start[.] Ways of fewer than 46 of them")
  few <- followed_sentence(19, "thank_you", "back", 0.01, "100")
  expect_match(few, "at thank_you, in their first 100 steps. Press", fixed = TRUE)
  expect_equal(followed_sentence(0, "home", "forward", 0, "100"), "")
})
