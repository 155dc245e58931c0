with

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

events as (
    select * from {{ ref('clickstream_events') }}
),

-- From where on an order's path is followed.
ordered as (
    select
        orders.*,
        orders.ordered_at - interval '{{ var("attribution_window_days") * 24 }} hours' as window_starts_at,
        {% if var('attribution_restarts_after_order') %}
            lag(orders.ordered_at) over (
                partition by orders.person_id
                order by orders.ordered_at, events.received_at, events.object_key, events.line_number
            ) as previous_ordered_at
        {% else %}
            null::timestamptz as previous_ordered_at
        {% endif %}
    from orders
    inner join events
        on
            orders.visitor_id = events.visitor_id
            and orders.event_id = events.event_id
),

-- Touches are looked up order by order, or all orders of a person would be compared with all their sessions.
touched as (
    select
        ordered.order_key,
        ordered.person_id,
        ordered.visitor_id,
        ordered.order_total,
        ordered.ordered_date,
        ordered.ordered_at,
        touches.visitor_id as touch_visitor_id,
        coalesce(touches.session_key, '(unattributed)') as session_key,
        coalesce(touches.channel, '(unattributed)') as channel,
        touches.source,
        touches.campaign,
        touches.started_at
    from ordered
    left join lateral (
        select earlier.*
        from {{ ref('sessions') }} as earlier
        where
            earlier.person_id = ordered.person_id
            and earlier.started_at between ordered.window_starts_at and ordered.ordered_at
            and earlier.started_at > coalesce(ordered.previous_ordered_at, '-infinity')
            and earlier.is_touch
            and not earlier.is_bot
            and earlier.session_key <> ordered.session_key
        union all
        select last_one.*
        from {{ ref('sessions') }} as last_one
        where
            last_one.visitor_id = ordered.visitor_id
            and last_one.session_key = ordered.session_key
    ) as touches on true
),

compared as (
    select
        *,
        count(*) over (partition by person_id, order_key, started_at) > 1 as is_tied
    from touched
),

-- Visits on two devices may begin at the same instant. Only then have their first events to be looked up.
placed as (
    select
        compared.*,
        row_number() over path as place,
        count(*) over (partition by compared.person_id, compared.order_key) as touch_count
    from compared
    left join lateral (
        select
            began.received_at,
            began.object_key,
            began.line_number
        from {{ ref('clickstream_events') }} as began
        where
            compared.is_tied
            and began.visitor_id = compared.touch_visitor_id
            and began.event_timestamp = compared.started_at
        order by began.received_at, began.object_key, began.line_number
        limit 1
    ) as beginnings on true
    window path as (
        partition by compared.person_id, compared.order_key
        order by compared.started_at, beginnings.received_at, beginnings.object_key, beginnings.line_number
    )
),

-- How much a touch weighs halves with every half-life that lies between it and the order; after 1,000 of them
-- PostgreSQL runs out of zeros.
weighed as (
    select
        *,
        coalesce(
            max(place) filter (where channel <> 'Direct') over (partition by person_id, order_key), touch_count
        ) as last_non_direct_place,
        coalesce(
            power(
                2::double precision,
                greatest(
                    -extract(epoch from ordered_at - started_at) / ({{ var('attribution_half_life_days') }} * 86400),
                    -1000
                )
            )::numeric,
            1
        ) as weight
    from placed
),

final as (
    select
        *,
        sum(weight) over (partition by person_id, order_key) as weight_sum
    from weighed
)

select * from final
