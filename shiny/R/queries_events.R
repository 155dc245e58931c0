# Events, a page at a time: no question here reads more rows than it shows, however many there are.

EVENTS_SHOWN <- 50

event_columns <- "
  to_char(event_timestamp at time zone zone.name, 'YYYY-MM-DD HH24:MI:SS') as happened_at,
  event_name, visitor_id, coalesce(user_id, '') as user_id, session_key, coalesce(page_path, '') as page_path,
  coalesce(product_name, product_id, category_id, '') as about, coalesce(order_id, '') as order_id,
  order_total::float8 as order_total, coalesce(device_type, '') as device_type, is_bot,
  array_to_string(quality_flags, ', ') as quality_flags, event_id,
  to_char(event_timestamp at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as instant
  from marts.clickstream_events
  cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
"

# The page before which we are: an instant and an event, as the address has them.
POSITION <- "^((?:19|20)\\d{2}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}Z)~(.+)$"

position_of <- function(filters) {
  found <- regmatches(filters$before, regexec(POSITION, filters$before, perl = TRUE))[[1]]
  is_instant <- length(found) == 3 && !is.na(strptime(found[2], "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC"))
  position <- if (is_instant) found[2:3] else c("infinity", "")
  c(filters, list(before_instant = position[1], before_event = position[2]))
}

latest_events <- function(ask, filters) {
  ask(paste("select", event_columns, "
    where event_date between {from}::date and {to}::date
      and event_date <= case when {before_instant} = 'infinity' then 'infinity'
        else ({before_instant}::timestamptz at time zone zone.name)::date end
      and (event_timestamp, event_id) < ({before_instant}::timestamptz, {before_event})
    order by event_date desc, event_timestamp desc, event_id desc
    limit ", EVENTS_SHOWN), position_of(filters))
}

events_of_visitor <- function(ask, filters) {
  ask(paste("select", event_columns, "
    where visitor_id = {id}
      and (event_timestamp, event_id) < ({before_instant}::timestamptz, {before_event})
    order by event_timestamp desc, event_id desc
    limit ", EVENTS_SHOWN), position_of(filters))
}

event_of_id <- function(ask, filters) {
  ask(paste("select", event_columns, "where event_id = {id}"), filters)
}

# The visit in which the order was placed.
events_of_order <- function(ask, filters) {
  ask(paste("select", event_columns, "
    where session_key in (select session_key from marts.orders where order_key = {id})
      and (event_timestamp, event_id) < ({before_instant}::timestamptz, {before_event})
    order by event_timestamp desc, event_id desc
    limit ", EVENTS_SHOWN), position_of(filters))
}

# Every field of one event.
fields_of_event <- function(ask, event_id) {
  ask("
    select fields.key as field, fields.value
    from marts.clickstream_events
    cross join lateral jsonb_each_text(to_jsonb(clickstream_events)) with ordinality as fields (key, value, place)
    where event_id = {event_id} and fields.value is not null
    order by fields.place
  ", list(event_id = event_id))
}
