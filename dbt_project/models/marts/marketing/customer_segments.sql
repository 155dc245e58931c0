{{ config(materialized='table', tags=['daily'], indexes=[{'columns': ['segment', 'revenue']}]) }}

with

persons as (
    select * from {{ ref('int_persons_summed') }}
),

rfm_segments as (
    select * from {{ ref('rfm_segments') }}
),

customers as (
    select
        *,
        count(*) over () as customer_count
    from persons
    where order_count > 0
),

-- A score tells in which fifth somebody is by the share of all others who are worse. Equals share one.
scored as (
    select
        person_id,
        {{ score_of_five('last_ordered_date') }} as r,
        {{ score_of_five('order_count') }} as f,
        {{ score_of_five('revenue') }} as m
    from customers
    where customer_count >= {{ var('rfm_min_customers') }}
),

final as (
    select
        persons.person_id,
        case
            when persons.order_count = 0 then '(no orders)'
            else coalesce(named.segment, '(not enough customers)')
        end as segment,
        scored.r,
        scored.f,
        scored.m,
        persons.recency_days,
        persons.order_count,
        persons.revenue,
        persons.revenue / nullif(persons.order_count, 0) as average_order_value,
        persons.abandoned_value,
        persons.order_count = 1 as is_one_time_buyer,
        coalesce(persons.recency_days > {{ var('lapsed_after_days') }}, false) as is_lapsed,
        persons.is_cart_abandoner,
        coalesce(persons.days_since_product_view <= {{ var('viewed_not_bought_days') }}, false)
        and coalesce(persons.recency_days > {{ var('viewed_not_bought_days') }}, true) as is_viewed_not_bought,
        persons.first_seen_at,
        persons.last_seen_at
    from persons
    left join scored on persons.person_id = scored.person_id
    left join lateral (
        select rfm_segments.segment
        from rfm_segments
        where
            scored.r between rfm_segments.r_from and rfm_segments.r_to
            and scored.f between rfm_segments.f_from and rfm_segments.f_to
            and scored.m between rfm_segments.m_from and rfm_segments.m_to
        order by rfm_segments.priority
        limit 1
    ) as named on true
)

select * from final
