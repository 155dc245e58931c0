# What every page asks: how far the data goes, what there is to choose from, and the numbers of the definitions.
# A query function asks one question. `ask` takes SQL of marts.* with names in braces, and their values.

last_load <- function(ask) {
  ask("
    select
      coalesce(load_id, 0)::float8 as load_id,
      coalesce(to_char(last_event_at at time zone zone.name, 'YYYY-MM-DD HH24:MI'), '') as last_event_at,
      coalesce(as_of_date::text, '') as as_of_date,
      coalesce(extract(epoch from now() - loaded_at), 0)::float8 as seconds_since_load,
      -- A table that is built anew is another one, whatever it is called.
      (
        select coalesce(md5(string_agg(pg_class.oid::text, ' ' order by pg_class.oid)), '')
        from pg_class
        where pg_class.relnamespace = 'marts'::regnamespace
          and pg_class.relname not in ('freshness', 'metric_settings')
      ) as built,
      zone.name as time_zone
    from marts.freshness
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
  ")
}

first_day <- function(ask) {
  ask("select coalesce(min(activity_date)::text, '') as day from marts.activity_daily")$day
}

metric_settings <- function(ask) {
  ask("select setting, value, unit, reason from marts.metric_settings")
}

# What each control offers. A table that is not built yet has nothing to offer, and the others still do.
CHOICE_QUERIES <- c(
  channel = "select channel as value from marts.sessions_daily group by channel order by channel",
  device = "select device_type as value from marts.sessions_daily group by device_type order by device_type",
  login = "
    select user_login_state as value from marts.sessions_daily group by user_login_state order by user_login_state
  ",
  event = "
    select event_name as value from marts.events_daily group by event_name order by sum(event_count) desc, event_name
    limit 200
  ",
  node = "
    select from_node as value from marts.journey_transitions_daily where from_node <> '(start)'
    group by from_node order by sum(session_count) desc, from_node
    limit 200
  ",
  funnel = "
    select funnel_name as value from marts.funnel_daily
    group by funnel_name order by funnel_name <> 'purchase', funnel_name
  ",
  category = "
    select product_category as value from marts.products where product_category is not null
    group by product_category order by count(*) desc, product_category
    limit 200
  ",
  experiment = "
    select experiment as value from marts.experiment_results group by experiment order by experiment limit 200
  ",
  segment = "select segment as value from marts.segment_sizes group by segment order by segment",
  signal = "select metric as value from marts.anomalies group by metric order by metric <> 'sessions', metric"
)

choices <- function(ask) {
  lapply(CHOICE_QUERIES, function(sql) {
    tryCatch(ask(sql)$value, warehouse_error = function(problem) {
      if (problem$kind != "missing") stop(problem)
      character()
    })
  })
}
