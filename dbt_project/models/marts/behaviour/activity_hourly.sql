{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('int_events_of_people') }}
    {{ where_events_touched() }}
),

final as (
    select
        event_date as activity_date,
        date_trunc('hour', event_timestamp, '{{ var("reporting_timezone") }}') as activity_hour,
        event_name,
        coalesce(user_login_state, '(none)') as user_login_state,
        count(*) as event_count,
        count(distinct session_key) as session_count,
        count(distinct visitor_id) as visitor_count
    from events
    group by 1, 2, 3, 4
)

select * from final
