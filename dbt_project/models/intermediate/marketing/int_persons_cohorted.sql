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

first_visits as (
    select distinct on (person_id)
        person_id,
        channel as first_channel,
        {{ week_of('started_date') }} as cohort_week
    from sessions
    order by person_id, started_at, visitor_id, session_key
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
