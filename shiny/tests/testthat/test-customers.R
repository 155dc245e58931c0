customers_page <- function(said, test) {
  given <- list(id = "customers", filters = reactive(said), ask = ask_warehouse)
  testServer(mod_customers_server, args = given, {{ test }})
}

test_that("segments add up to everybody, and to all revenue", {
  everybody <- ask_warehouse(
    "select count(*)::float8 as people, sum(revenue)::float8 as revenue, sum(order_count)::float8 as orders
     from marts.customer_segments"
  )
  customers_page(filters_said(), {
    totals <- segment_totals(sizes())
    expect_equal(sum(totals$person_count), everybody$people)
    expect_equal(sum(totals$order_count), everybody$orders)
    expect_equal(sum(totals$revenue), everybody$revenue)
    expect_equal(sum(totals$revenue_share), 1)
    last_day <- value_of("select as_of_date::text from marts.freshness")
    expect_match(output$as_of, format_day(last_day), fixed = TRUE)
  })
})

test_that("a segment chooses whom the grid, the mails and the list are about", {
  segment <- value_of(
    "select segment from marts.customer_segments where r is not null
     group by segment order by count(*) desc limit 1"
  )
  said <- filters_said(segment = segment)
  people <- ask_warehouse(
    "select person_id, r, f, revenue::float8 as revenue, is_one_time_buyer, is_lapsed, is_cart_abandoner,
       is_viewed_not_bought, abandoned_value::float8 as abandoned_value
     from marts.customer_segments where segment = {segment}", said
  )
  customers_page(said, {
    expect_equal(sum(score_grid(chosen())$person_count), nrow(people))
    groups <- mail_groups(chosen())
    expect_equal(groups$person_count, unname(colSums(people[c(
      "is_one_time_buyer", "is_lapsed", "is_cart_abandoner", "is_viewed_not_bought"
    )])))
    expect_equal(groups$abandoned_value[3], sum(people$abandoned_value))
    expect_match(output$`people-table`$html, format_money(max(people$revenue)), fixed = TRUE)
    # The segments themselves stay to choose from.
    expect_gt(nrow(segment_totals(sizes())), 1)
  })
  listed <- customers_of_segment(ask_warehouse, said, MAX_PEOPLE)
  expect_setequal(listed$person_id, people$person_id)
})

test_that("of all segments the best 200 are listed", {
  best <- value_of("select revenue::float8 from marts.customer_segments order by revenue desc limit 200")
  listed <- customers_of_segment(ask_warehouse, filters_said(), MAX_SHOWN)
  expect_equal(listed$revenue, best)
  expect_equal(anyDuplicated(listed$person_id), 0)
})

test_that("the grid counts customers by recency and frequency", {
  counted <- ask_warehouse(
    "select r, f, count(*)::float8 as people from marts.customer_segments where r is not null
     group by r, f order by people desc limit 1"
  )
  customers_page(filters_said(), {
    drawn <- as.data.frame(output$`grid-chart`$option$series[[1]]$data)
    cell <- drawn[drawn$name == sprintf("Recency %d, frequency %d", counted$r, counted$f), ]
    expect_equal(as.numeric(cell[c("x", "y", "value")]), c(counted$r - 1, 5 - counted$f, counted$people))
    expect_equal(nrow(drawn), 25)
  })
})

test_that("those who never ordered have no scores", {
  customers_page(filters_said(segment = "(no orders)"), {
    expect_error(output$`grid-chart`, "they have not ordered")
  })
})

test_that("too few customers to score are told, with the number that it takes", {
  sizes <- data.frame(segment = c("(no orders)", "(not enough customers)"), person_count = c(90, 7), r = 0)
  expect_equal(
    too_few_sentence(sizes, "25"),
    "Customers are scored against each other from 25 customers on; there are 7 so far."
  )
  expect_match(too_few_sentence(transform(sizes, person_count = 1), "25"), "there is 1 so far")
})

test_that("all 25 combinations of scores are there, also where nobody is", {
  scored <- data.frame(
    r = c(5, 5, 1), f = c(5, 5, 2), m = c(5, 4, 1), person_count = c(2, 1, 4), revenue = c(90, 30, 8)
  )
  grid <- score_grid(scored)
  expect_equal(nrow(grid), 25)
  expect_equal(grid$person_count[grid$r == 5 & grid$f == 5], 3)
  expect_equal(grid$revenue[grid$r == 1 & grid$f == 2], 8)
  expect_equal(sum(grid$person_count), 7)
})

test_that("segments without revenue share none of it", {
  sizes <- data.frame(segment = c("a", "b"), person_count = c(1, 2), order_count = 0, revenue = 0)
  totals <- segment_totals(sizes)
  expect_equal(totals$segment, c("b", "a"))
  expect_true(all(is.na(totals$revenue_share)))
  expect_equal(totals$revenue_per_person, c(0, 0))
})
