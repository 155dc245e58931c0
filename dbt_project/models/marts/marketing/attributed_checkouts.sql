{%- set window = "interval '" ~ var('first_click_window_minutes') ~ " minutes'" -%}

{{
    config(
        incremental_strategy='replace_within_sessions',
        meta={'happened_at': 'checkout_at'},
        indexes=[{'columns': ['visitor_id', 'checkout_at']}, {'columns': ['checkout_date']}],
    )
}}

with

names as (
    select * from {{ ref('event_names') }}
    where is_click or is_order
),

orders as (
    select * from {{ ref('int_orders_deduplicated') }}
),

{% if is_incremental() %}
    touched_visitors as (
        select
            visitor_id,
            min(started_at) as since
        from {{ ref('sessions') }}
        where {{ is_new('load_id') }}
        group by 1
    ),
{% endif %}

-- Those that have changed, and those before them in which a click may still count.
sessions as (
    select people.* from {{ ref('sessions') }} as people
    {% if is_incremental() %}
        inner join touched_visitors
            on
                people.visitor_id = touched_visitors.visitor_id
                and people.ended_at >= touched_visitors.since - {{ window }}
    {% endif %}
    where
        not people.is_bot
        {% if is_incremental() %}
            and people.visitor_id = any(array(select touched.visitor_id from touched_visitors as touched))
        {% endif %}
),

-- Each session looks its own up: a list of all their keys would be sorted again for each.
events as (
    select * from {{ ref('clickstream_events') }}
),

checkouts as (
    select * from {{ ref('clickstream_events') }}
),

clicks as (
    select * from {{ ref('clickstream_events') }}
),

-- A checkout looks for clicks from the start of its window on; a click of the same instant is still within it.
searched as (
    select
        events.visitor_id,
        events.event_id,
        events.event_timestamp,
        events.received_at,
        events.object_key,
        events.line_number,
        sessions.channel,
        sessions.load_id as session_load_id,
        sides.is_checkout,
        events.event_timestamp - case when sides.is_checkout then {{ window }} else interval '0' end as searched_from
    from sessions
    inner join events
        on
            sessions.visitor_id = events.visitor_id
            and sessions.session_key = events.session_key
    inner join names on events.event_name = names.sent_name
    cross join lateral (values (true, names.is_order), (false, names.is_click)) as sides (is_checkout, is_meant)
    where sides.is_meant
),

-- Counted from the last click back: a checkout has the number of the first click from there on.
numbered as (
    select
        *,
        count(*) filter (where not is_checkout) over (
            partition by visitor_id
            order by searched_from desc, is_checkout asc, received_at desc, object_key desc, line_number desc
        ) as click_number
    from searched
),

found as (
    select
        *,
        max(event_id) filter (where not is_checkout) over same_number as click_event_id,
        max(channel) filter (where not is_checkout) over same_number as click_channel
    from numbered
    window same_number as (partition by visitor_id, click_number)
),

final as (
    select
        ---------- ids
        checkouts.event_id as checkout_event_id,
        coalesce(checkouts.order_id, checkouts.event_id) as order_key,
        checkouts.order_id,
        checkouts.visitor_id,
        checkouts.user_id,
        checkouts.session_key,
        clicks.event_id as click_event_id,
        clicks.product_id,

        ---------- text
        clicks.event_name as click_event_name,
        case when clicks.event_id is not null then found.click_channel end as channel,

        ---------- numbers
        checkouts.order_total,
        floor(extract(epoch from checkouts.event_timestamp - clicks.event_timestamp))::bigint as seconds_to_checkout,

        ---------- booleans
        clicks.event_id is not null as is_attributed,
        orders.event_id is not null as is_first_of_order,

        ---------- dates and times
        checkouts.event_date as checkout_date,
        checkouts.event_timestamp as checkout_at,
        clicks.event_timestamp as clicked_at
    from found
    inner join checkouts
        on
            found.visitor_id = checkouts.visitor_id
            and found.event_id = checkouts.event_id
    left join clicks
        on
            found.visitor_id = clicks.visitor_id
            and found.click_event_id = clicks.event_id
            and (clicks.event_timestamp, clicks.received_at, clicks.object_key, clicks.line_number)
            < (found.event_timestamp, found.received_at, found.object_key, found.line_number)
    left join orders
        on
            found.visitor_id = orders.visitor_id
            and found.event_id = orders.event_id
    where
        found.is_checkout
        and {{ is_new('found.session_load_id') }}
)

select * from final
