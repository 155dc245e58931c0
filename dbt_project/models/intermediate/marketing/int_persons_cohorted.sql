{{ config(tags=['daily']) }}

with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

placed as (
    select
        *,
        rank() over (partition by person_id order by started_at) as place,
        count(*) over (partition by person_id, started_at) > 1 as is_tied
    from sessions
),

-- Visits on two devices may begin at the same instant. Only then have their first events to be looked up.
first_visits as (
    select distinct on (placed.person_id)
        placed.person_id,
        placed.channel as first_channel,
        {{ week_of('placed.started_date') }} as cohort_week
    from placed
    left join lateral (
        select
            events.received_at,
            events.object_key,
            events.line_number
        from {{ ref('clickstream_events') }} as events
        where
            placed.is_tied
            and events.visitor_id = placed.visitor_id
            and events.event_timestamp = placed.started_at
        order by events.received_at, events.object_key, events.line_number
        limit 1
    ) as beginnings on true
    where placed.place = 1
    order by placed.person_id, beginnings.received_at, beginnings.object_key, beginnings.line_number
),

first_orders as (
    select
        person_id,
        {{ week_of('min(ordered_date)') }} as cohort_week
    from orders
    group by person_id
),

final as (
    select
        'first_visit' as cohort_type,
        person_id,
        first_channel,
        cohort_week
    from first_visits
    union all
    select
        'first_order' as cohort_type,
        first_orders.person_id,
        first_visits.first_channel,
        first_orders.cohort_week
    from first_orders
    inner join first_visits on first_orders.person_id = first_visits.person_id
)

select * from final
