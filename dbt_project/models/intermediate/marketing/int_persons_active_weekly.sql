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

-- Who visits is active in the one type of cohorts, who orders in the other; money counts in both.
final as (
    select
        'first_visit' as cohort_type,
        person_id,
        {{ week_of('started_date') }} as activity_week,
        true as is_retained,
        0 as order_count,
        0 as revenue
    from sessions
    group by 1, 2, 3
    union all
    select
        types.cohort_type,
        orders.person_id,
        {{ week_of('orders.ordered_date') }} as activity_week,
        types.cohort_type = 'first_order' as is_retained,
        count(*) as order_count,
        sum(coalesce(orders.order_total, 0)) as revenue
    from orders
    cross join (values ('first_visit'), ('first_order')) as types (cohort_type)
    group by 1, 2, 3, 4
)

select * from final
