# Whether the data is whole and on time. Bots count here: the question is how the data came in.

# By hour of receipt, or by day where the period is long. An hour that brought nothing has its row, too, from the
# first that brought something to the last: that is how an outage looks.
receipts <- function(ask, filters) {
  ask("
    with zone as (
      select value as name from marts.metric_settings where setting = 'reporting_timezone'
    ),
    span as (
      select
        greatest({from}::date::timestamp at time zone zone.name, min(receipt_hour)) as first_hour,
        least(({to}::date + 1)::timestamp at time zone zone.name - interval '1 hour', max(receipt_hour)) as last_hour
      from marts.load_health
      cross join zone
      group by zone.name
    )
    select
      to_char(
        hours.hour at time zone zone.name,
        case when {to}::date - {from}::date < 14 then 'YYYY-MM-DD HH24:MI' else 'YYYY-MM-DD' end
      ) as received,
      coalesce(sum(load_count), 0)::float8 as load_count,
      coalesce(sum(object_count), 0)::float8 as object_count,
      coalesce(sum(event_count), 0)::float8 as event_count,
      coalesce(sum(rejected_count), 0)::float8 as rejected_count,
      coalesce(sum(nameless_count), 0)::float8 as nameless_count,
      coalesce(sum(duplicate_count), 0)::float8 as duplicate_count,
      coalesce(sum(late_count), 0)::float8 as late_count,
      max(lag_seconds_max)::float8 as lag_seconds
    from span
    cross join zone
    cross join generate_series(span.first_hour, span.last_hour, interval '1 hour') as hours (hour)
    left join marts.load_health on load_health.receipt_hour = hours.hour
    group by received
    order by received desc
  ", filters)
}

rejects_by_reason <- function(ask, filters) {
  ask("
    select
      reason,
      count(*)::float8 as document_count,
      to_char(max(quarantined_at at time zone zone.name), 'YYYY-MM-DD HH24:MI') as newest
    from marts.quarantined_events
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    where quarantined_at >= {from}::date::timestamp at time zone zone.name
      and quarantined_at < ({to}::date + 1)::timestamp at time zone zone.name
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
