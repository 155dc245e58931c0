# Events by hour, day or week: `split` tells what they are divided by, event_name or user_login_state. Where
# nothing happened there is a row without a name, up to the hour that the data goes to.
events_over_time <- function(ask, filters, split) {
  ask(paste("with", if (filters$grain == "hour") events_by_hour else events_by_day, "
    counted as (
      select date_trunc({grain}::text, moment) as place, name, sum(event_count) as event_count
      from stored
      group by 1, 2
    ),
    names as (
      select name, row_number() over (order by sum(event_count) desc, name) as rank
      from counted
      group by name
    )
    select
      to_char(
        places.place, case {grain}::text when 'hour' then 'YYYY-MM-DD HH24:MI' else 'YYYY-MM-DD' end
      ) as place,
      case when names.rank <= 20 then names.name when names.rank > 20 then 'all others' end as name,
      coalesce(sum(counted.event_count), 0)::float8 as event_count
    from places
    left join counted on counted.place = places.place
    left join names on names.name = counted.name
    group by 1, 2
    order by 1, 3 desc, 2
  "), c(filters, split = split))
}

events_by_hour <- "
    zone as (
      select value as name from marts.metric_settings where setting = 'reporting_timezone'
    ),
    places as (
      select distinct date_trunc('hour', hours.hour at time zone zone.name) as place
      from zone
      cross join marts.freshness
      cross join generate_series(
        {from}::date::timestamp at time zone zone.name,
        least(
          ({to}::date + 1)::timestamp at time zone zone.name - interval '1 hour', freshness.last_event_at
        ),
        interval '1 hour'
      ) as hours (hour)
    ),
    stored as (
      select
        activity_hour at time zone zone.name as moment,
        case {split}::text when 'event_name' then event_name else user_login_state end as name,
        event_count
      from marts.activity_hourly
      cross join zone
      where activity_date between {from}::date and {to}::date
        and ({event} = '' or event_name = {event})
        and ({login} = '' or user_login_state = {login})
    ),
"

events_by_day <- "
    places as (
      select distinct date_trunc({grain}::text, days.day) as place
      from generate_series({from}::date::timestamp, {to}::date::timestamp, interval '1 day') as days (day)
    ),
    stored as (
      select
        activity_date::timestamp as moment,
        case {split}::text when 'event_name' then event_name else user_login_state end as name,
        event_count
      from marts.events_daily
      where activity_date between {from}::date and {to}::date
        and ({event} = '' or event_name = {event})
        and ({login} = '' or user_login_state = {login})
    ),
"

# Every hour of every weekday that lies in the period, with how many of that weekday do. Monday is 1.
events_by_weekday_and_hour <- function(ask, filters) {
  ask("
    with
    zone as (
      select value as name from marts.metric_settings where setting = 'reporting_timezone'
    ),
    stored as (
      select activity_hour, sum(event_count) as event_count
      from marts.activity_hourly
      where activity_date between {from}::date and {to}::date
        and ({event} = '' or event_name = {event})
        and ({login} = '' or user_login_state = {login})
      group by activity_hour
    ),
    counted as (
      select
        extract(isodow from activity_hour at time zone zone.name)::int as weekday,
        extract(hour from activity_hour at time zone zone.name)::int as hour,
        sum(event_count) as event_count
      from stored
      cross join zone
      group by 1, 2
    ),
    weekdays as (
      select extract(isodow from days.day)::int as weekday, count(*) as day_count
      from generate_series({from}::date, {to}::date, interval '1 day') as days (day)
      group by 1
    )
    select
      weekdays.weekday,
      hours.hour,
      coalesce(counted.event_count, 0)::float8 as event_count,
      weekdays.day_count::float8 as day_count
    from weekdays
    cross join generate_series(0, 23) as hours (hour)
    left join counted on counted.weekday = weekdays.weekday and counted.hour = hours.hour
    order by weekdays.weekday, hours.hour
  ", filters)
}

# Sessions by day or week and channel; where none began there is a row without a channel.
sessions_over_time <- function(ask, filters) {
  ask("
    with
    places as (
      select distinct date_trunc({grain}::text, days.day) as place
      from generate_series({from}::date::timestamp, {to}::date::timestamp, interval '1 day') as days (day)
    ),
    counted as (
      select
        date_trunc({grain}::text, activity_date::timestamp) as place,
        channel,
        sum(session_count) as session_count,
        sum(new_visitor_count) as new_visitor_count
      from marts.sessions_daily
      where activity_date between {from}::date and {to}::date
        and ({channel} = '' or channel = {channel})
        and ({device} = '' or device_type = {device})
        and ({login} = '' or user_login_state = {login})
      group by 1, 2
    )
    select
      places.place::date::text as place,
      counted.channel,
      coalesce(counted.session_count, 0)::float8 as session_count,
      coalesce(counted.new_visitor_count, 0)::float8 as new_visitor_count
    from places
    left join counted on counted.place = places.place
    order by 1, 3 desc, 2
  ", filters)
}
