sessions_by_day <- function(ask, filters) {
  ask("
    select
      days.day::date::text as activity_date,
      coalesce(sum(session_count), 0)::float8 as session_count,
      coalesce(sum(converted_count), 0)::float8 as converted_count,
      coalesce(sum(bounce_count), 0)::float8 as bounce_count,
      coalesce(sum(order_count), 0)::float8 as order_count,
      coalesce(sum(revenue), 0)::float8 as revenue
    from generate_series({from}::date, {to}::date, interval '1 day') as days (day)
    left join marts.sessions_daily
      on sessions_daily.activity_date = days.day::date
      and ({channel} = '' or channel = {channel})
      and ({device} = '' or device_type = {device})
      and ({login} = '' or user_login_state = {login})
    group by days.day
    order by days.day
  ", filters)
}

# Exact, over the whole period: visitors of several days count once, on the first of them.
visitors_of_period <- function(ask, filters) {
  ask("
    select coalesce(sum(visitor_count), 0)::float8 as visitor_count
    from marts.visitor_returns_daily
    where activity_date between {from}::date and {to}::date
      and (days_since_previous = 0 or activity_date - days_since_previous < {from}::date)
      and channel = coalesce(nullif({channel}, ''), '(all)')
      and device_type = coalesce(nullif({device}, ''), '(all)')
      and user_login_state = coalesce(nullif({login}, ''), '(all)')
  ", filters)$visitor_count
}

visitors_by_day <- function(ask, filters) {
  ask("
    select days.day::date::text as activity_date, coalesce(sum(visitor_count), 0)::float8 as visitors
    from generate_series({from}::date, {to}::date, interval '1 day') as days (day)
    left join marts.visitor_returns_daily
      on visitor_returns_daily.activity_date = days.day::date
      and channel = coalesce(nullif({channel}, ''), '(all)')
      and device_type = coalesce(nullif({device}, ''), '(all)')
      and user_login_state = coalesce(nullif({login}, ''), '(all)')
    group by days.day
    order by days.day
  ", filters)
}

events_by_name <- function(ask, filters) {
  ask("
    select event_name, sum(event_count)::float8 as event_count
    from marts.events_daily
    where activity_date between {from}::date and {to}::date
      and ({login} = '' or user_login_state = {login})
    group by event_name
    order by event_count desc, event_name
  ", filters)
}

events_by_login_state <- function(ask, filters) {
  ask("
    select activity_date::text as activity_date, user_login_state, sum(event_count)::float8 as event_count
    from marts.events_daily
    where activity_date between {from}::date and {to}::date
      and ({login} = '' or user_login_state = {login})
    group by activity_date, user_login_state
    order by activity_date, user_login_state
  ", filters)
}

top_pages <- function(ask, filters) {
  ask("
    select
      page_path,
      sum(view_count)::float8 as view_count,
      sum(entry_count)::float8 as entry_count,
      sum(exit_count)::float8 as exit_count
    from marts.pages_daily
    where activity_date between {from}::date and {to}::date
    group by page_path
    order by view_count desc, page_path
    limit 100
  ", filters)
}
