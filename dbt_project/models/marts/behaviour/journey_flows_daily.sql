{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}, {'columns': ['anchor_node', 'direction', 'activity_date']}],
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

-- Many sessions go the same way, and are followed as one. A way that is cut has no end.
ways as (
    select
        started_date,
        ('(start)'::text || nodes || '(end)'::text)[:{{ var('journey_steps_kept') }} + 1] as way,
        count(*) as session_count
    from paths
    where not is_bot
    group by 1, 2
),

anchors as (
    select
        ways.*,
        nodes.*
    from ways
    cross join lateral (
        select
            node as anchor_node,
            min(place) as first_place,
            max(place) as last_place
        from unnest(ways.way) with ordinality as nodes (node, place)
        where node <> '(start)'
        group by 1
    ) as nodes
),

forward_steps as (
    select
        anchors.*,
        'forward' as direction,
        steps.step_number,
        anchors.first_place + steps.step_number as to_place
    from anchors
    cross join generate_series(1, {{ var('journey_flow_steps') }}) as steps (step_number)
    where anchors.first_place + steps.step_number <= cardinality(anchors.way)
),

back_steps as (
    select
        anchors.*,
        'back' as direction,
        steps.step_number,
        anchors.last_place - steps.step_number + 1 as to_place
    from anchors
    cross join generate_series(1, {{ var('journey_flow_steps') }}) as steps (step_number)
    where anchors.last_place - steps.step_number >= 1
),

steps as (
    select * from forward_steps
    union all
    select * from back_steps
),

-- In the order in which they are read: what leads from an anchor is a few pages of a day, not most of them.
final as (
    select
        started_date as activity_date,
        direction,
        anchor_node,
        step_number,
        way[to_place - 1] as from_node,
        way[to_place] as to_node,
        sum(session_count)::bigint as session_count
    from steps
    group by 1, 2, 3, 4, 5, 6
    order by 1, 3, 2
)

select * from final
