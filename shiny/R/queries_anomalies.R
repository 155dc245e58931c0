# The newest of the periods, in the reporting time zone; `verdict` is empty where there were too few to compare with.
periods_judged <- function(ask, filters) {
  ask("
    select
      to_char(
        period_start at time zone zone.name,
        case grain when 'day' then 'YYYY-MM-DD' else 'YYYY-MM-DD HH24:MI' end
      ) as period,
      actual::float8 as actual, expected::float8 as expected, lower::float8 as lower, upper::float8 as upper,
      deviation::float8 as deviation, coalesce(severity, '') as severity
    from marts.anomalies
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    where metric = {signal}
      and grain = case {grain} when 'hour' then 'hour' else 'day' end
      and period_start >= (select last_event_at from marts.freshness)
        - case {grain} when 'hour' then interval '8 days' else interval '90 days' end
    order by period_start
  ", filters)
}

unusual_periods <- function(ask) {
  ask("
    select
      metric, grain, severity,
      to_char(
        period_start at time zone zone.name,
        case grain when 'day' then 'YYYY-MM-DD' else 'YYYY-MM-DD HH24:MI' end
      ) as period,
      actual::float8 as actual, expected::float8 as expected, deviation::float8 as deviation
    from marts.anomalies
    cross join (select value as name from marts.metric_settings where setting = 'reporting_timezone') as zone
    where severity in ('warning', 'critical')
    order by period_start desc, metric, grain
  ")
}
