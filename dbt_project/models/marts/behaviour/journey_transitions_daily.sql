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

steps as (
    select
        paths.started_date,
        nodes.step_number,
        nodes.node as to_node,
        lag(nodes.node, 1, '(start)') over (
            partition by paths.visitor_id, paths.session_key
            order by nodes.step_number
        ) as from_node
    from paths
    cross join lateral unnest(paths.nodes || '(end)'::text) with ordinality as nodes (node, step_number)
    where not paths.is_bot
),

final as (
    select
        started_date as activity_date,
        step_number,
        from_node,
        to_node,
        count(*) as session_count
    from steps
    where step_number <= {{ var('journey_steps') }}
    group by 1, 2, 3, 4
)

select * from final
