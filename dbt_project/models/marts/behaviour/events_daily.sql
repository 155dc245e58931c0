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

hours as (
    select * from {{ ref('activity_hourly') }}
    {{ where_touched('activity_date') }}
),

final as (
    select
        activity_date,
        event_name,
        user_login_state,
        sum(event_count)::bigint as event_count
    from hours
    group by 1, 2, 3
)

select * from final
