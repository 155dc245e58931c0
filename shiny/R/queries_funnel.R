# Every step that anybody ever did, also where nobody did in the period, and its sessions by what they are split by.
funnel_steps <- function(ask, filters) {
  ask("
    with
    steps as (
      select numbers.step_number, named.step_name
      from generate_series(
        1, (select max(step_number) from marts.funnel_daily where funnel_name = {funnel})
      ) as numbers (step_number)
      cross join lateral (
        select step_name
        from marts.funnel_daily
        where funnel_name = {funnel} and step_number = numbers.step_number
        limit 1
      ) as named
    ),
    counted as (
      select
        step_number,
        case {by}::text
          when 'channel' then channel when 'device_type' then device_type else user_login_state
        end as split_value,
        sum(case {count}::text when 'closed' then session_count else open_session_count end) as session_count,
        sum(case {count}::text when 'closed' then seconds_from_previous_sum end) as seconds_from_previous_sum
      from marts.funnel_daily
      where activity_date between {from}::date and {to}::date
        and funnel_name = {funnel}
        and ({channel} = '' or channel = {channel})
        and ({device} = '' or device_type = {device})
        and ({login} = '' or user_login_state = {login})
      group by 1, 2
    )
    select
      steps.step_number::float8 as step_number,
      steps.step_name,
      counted.split_value,
      coalesce(counted.session_count, 0)::float8 as session_count,
      counted.seconds_from_previous_sum::float8 as seconds_from_previous_sum
    from steps
    left join counted on counted.step_number = steps.step_number
    order by steps.step_number, 4 desc, counted.split_value
  ", filters)
}

# Sessions of the first and of the last step, by day, or by week.
funnel_over_time <- function(ask, filters, grain) {
  ask("
    with
    places as (
      select distinct date_trunc({grain}::text, days.day) as place
      from generate_series({from}::date::timestamp, {to}::date::timestamp, interval '1 day') as days (day)
    ),
    counted as (
      select
        date_trunc({grain}::text, activity_date::timestamp) as place,
        step_number,
        sum(case {count}::text when 'closed' then session_count else open_session_count end) as session_count
      from marts.funnel_daily
      where activity_date between {from}::date and {to}::date
        and funnel_name = {funnel}
        and ({channel} = '' or channel = {channel})
        and ({device} = '' or device_type = {device})
        and ({login} = '' or user_login_state = {login})
      group by 1, 2
    ),
    last_step as (
      select max(step_number) as step_number from marts.funnel_daily where funnel_name = {funnel}
    )
    select
      places.place::date::text as place,
      coalesce(sum(counted.session_count) filter (where counted.step_number = 1), 0)::float8 as first_count,
      coalesce(
        sum(counted.session_count) filter (where counted.step_number = last_step.step_number), 0
      )::float8 as last_count
    from places
    cross join last_step
    left join counted on counted.place = places.place
    group by places.place
    order by places.place
  ", modifyList(filters, list(grain = grain)))
}
