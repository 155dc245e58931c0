test_that("pages follow each other without a gap and without an event twice", {
  said <- filters_said(period = "28d")
  seen <- character()
  for (page in 1:4) {
    shown <- events_found(ask_warehouse, said)
    expect_equal(nrow(shown), EVENTS_SHOWN)
    seen <- c(seen, shown$event_id)
    last <- shown[EVENTS_SHOWN, ]
    said$before <- paste0(last$instant, "~", last$event_id)
  }
  expect_equal(seen, value_of(
    "select event_id from marts.clickstream_events where event_date between {from}::date and {to}::date
     order by event_date desc, event_timestamp desc, event_id desc limit 200", said
  ))
})

test_that("events of one instant are parted by a page's end as any others", {
  together <- ask_warehouse("
    select event_id, next_id,
      to_char(event_timestamp at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as instant
    from (
      select event_id, event_timestamp, lead(event_id) over neighbours as next_id,
        lead(event_timestamp) over neighbours as next_timestamp
      from marts.clickstream_events
      window neighbours as (order by event_date desc, event_timestamp desc, event_id desc)
    ) as events
    where event_timestamp = next_timestamp
    limit 5
  ")
  expect_equal(nrow(together), 5)
  for (place in 1:5) {
    before <- paste0(together$instant[place], "~", together$event_id[place])
    shown <- events_found(ask_warehouse, filters_said(period = "all", before = before))
    expect_equal(shown$event_id[1], together$next_id[place])
  }
})

test_that("a page that the address made up is the first one", {
  usual <- events_found(ask_warehouse, filters_said())
  impossible <- c("2026-99-99T00:00:00.000000Z~x", "0000-01-01T00:00:00.000000Z~x")
  for (before in c("yesterday", "2026-01-01~x", "'; select 1", impossible)) {
    expect_equal(events_found(ask_warehouse, filters_said(before = before)), usual)
  }
})

test_that("an event, a visitor and an order are found by their ids, and nothing else", {
  order <- ask_warehouse(
    "select order_key, event_id, visitor_id, session_key from marts.orders order by ordered_at limit 1"
  )
  event <- events_found(ask_warehouse, filters_said(find = "event", id = order$event_id))
  expect_equal(event$event_id, order$event_id)
  visit <- events_found(ask_warehouse, filters_said(find = "order", id = order$order_key))
  expect_true(order$event_id %in% visit$event_id)
  expect_equal(unique(visit$session_key), order$session_key)
  visitor <- events_found(ask_warehouse, filters_said(find = "visitor", id = order$visitor_id))
  expect_equal(unique(visitor$visitor_id), order$visitor_id)
  expect_equal(nrow(events_found(ask_warehouse, filters_said(find = "visitor", id = "%"))), 0)
})

test_that("every field that an event has is listed", {
  event <- ask_warehouse("select event_id, event_name from marts.clickstream_events limit 1")
  fields <- fields_of_event(ask_warehouse, event$event_id)
  expect_equal(fields$value[fields$field == "event_name"], event$event_name)
  expect_true(all(c("object_key", "visitor_id", "received_at") %in% fields$field))
})
