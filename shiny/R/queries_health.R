# Whether the data is whole and on time. Bots count here: the question is how the data came in.

# By hour of receipt, or by day where the period is long.
receipts <- function(ask, filters) {
  ask("
    select
      to_char(
        receipt_hour at time zone zone.name,
        case when {to}::date - {from}::date < 15 then 'YYYY-MM-DD HH24:MI' else 'YYYY-MM-DD' end
      ) as received,
      sum(load_count)::float8 as load_count,
      sum(object_count)::float8 as object_count,
      sum(event_count)::float8 as event_count,
      sum(rejected_count)::float8 as rejected_count,
      sum(nameless_count)::float8 as nameless_count,
      sum(duplicate_count)::float8 as duplicate_count,
      sum(late_count)::float8 as late_count,
      max(lag_seconds_max)::float8 as lag_seconds
    from marts.load_health
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    where receipt_hour >= {from}::date::timestamp at time zone zone.name
      and receipt_hour < ({to}::date + 1)::timestamp at time zone zone.name
    group by received
    order by received desc
  ", filters)
}

rejects_by_reason <- function(ask, filters) {
  ask("
    select reason, count(*)::float8 as document_count, max(quarantined_at)::text as newest
    from marts.quarantined_events
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    where quarantined_at >= {from}::date::timestamp at time zone zone.name
    group by reason
    order by document_count desc, reason
  ", filters)
}

late_days <- function(ask, filters) {
  ask("
    select
      activity_date::text as activity_date, event_count::float8 as event_count,
      late_event_count::float8 as late_event_count, late_share::float8 as late_share, is_settled
    from marts.late_data_daily
    where activity_date between {from}::date and {to}::date
    order by activity_date
  ", filters)
}

# Fields on the last day that is over: how often empty, against the week before it.
fields <- function(ask, filters) {
  ask("
    select
      field, event_count::float8 as event_count, flag_count::float8 as flag_count, null_share::float8 as null_share,
      null_share_week_before::float8 as null_share_week_before, null_share_change::float8 as null_share_change
    from marts.data_quality_daily
    where activity_date = least({to}::date, (select as_of_date - 1 from marts.freshness))
    order by abs(null_share_change) desc nulls last, flag_count desc, field
  ", filters)
}

unknown_names <- function(ask) {
  ask("
    select
      event_name, event_count::float8 as event_count, visitor_count::float8 as visitor_count,
      to_char(last_seen_at at time zone zone.name, 'YYYY-MM-DD HH24:MI') as last_seen_at
    from marts.unknown_event_names
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    order by event_count desc, event_name
    limit 500
  ")
}
