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

page_views as (
    select * from {{ ref('event_names') }}
    where is_page_view
),

events as (
    select * from {{ ref('int_events_of_people') }}
    {{ where_events_touched() }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

counted as (
    select
        event_date as activity_date,
        page_path,
        count(*) as view_count,
        0 as entry_count,
        0 as exit_count
    from events
    where event_name in (select page_views.event_name from page_views)
    group by 1, 2
    union all
    select
        started_date as activity_date,
        landing_page_path as page_path,
        0 as view_count,
        count(*) as entry_count,
        0 as exit_count
    from sessions
    where not is_bot
    group by 1, 2
    union all
    select
        started_date as activity_date,
        exit_page_path as page_path,
        0 as view_count,
        0 as entry_count,
        count(*) as exit_count
    from sessions
    where not is_bot
    group by 1, 2
),

final as (
    select
        activity_date,
        coalesce(page_path, '(none)') as page_path,
        sum(view_count)::bigint as view_count,
        sum(entry_count)::bigint as entry_count,
        sum(exit_count)::bigint as exit_count
    from counted
    group by 1, 2
)

select * from final
