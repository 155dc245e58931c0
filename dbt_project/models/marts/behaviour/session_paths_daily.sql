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

paths as (
    select * from {{ ref('int_sessions_pathed') }}
    {{ where_touched('started_date') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

final as (
    select
        paths.started_date as activity_date,
        array_to_string(paths.nodes[:{{ var('path_steps') }}], ' > ') as path,
        count(*) as session_count,
        sum(sessions.order_count)::bigint as order_count
    from paths
    inner join sessions
        on
            paths.visitor_id = sessions.visitor_id
            and paths.session_key = sessions.session_key
    where not sessions.is_bot
    group by 1, 2
)

select * from final
