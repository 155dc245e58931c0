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

events as (
    select * from {{ ref('int_events_of_people') }}
    {{ where_events_touched() }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

orders as (
    select * from {{ ref('orders') }}
    {{ where_touched('ordered_date') }}
),

events_by_date as (
    select
        event_date as activity_date,
        count(*) as event_count,
        count(distinct visitor_id) as visitor_count
    from events
    group by 1
),

sessions_by_date as (
    select
        started_date as activity_date,
        count(*) as session_count,
        count(*) filter (where is_new_visitor) as new_visitor_count,
        count(*) filter (where is_converted) as converted_count,
        count(*) filter (where is_bounce) as bounce_count
    from sessions
    where not is_bot
    group by 1
),

orders_by_date as (
    select
        ordered_date as activity_date,
        count(*) as order_count,
        coalesce(sum(order_total), 0) as revenue
    from orders
    where not is_bot
    group by 1
),

-- Sessions and orders consist of events: no date has them without any.
final as (
    select
        events_by_date.activity_date,
        events_by_date.event_count,
        coalesce(sessions_by_date.session_count, 0) as session_count,
        events_by_date.visitor_count,
        coalesce(sessions_by_date.new_visitor_count, 0) as new_visitor_count,
        coalesce(orders_by_date.order_count, 0) as order_count,
        coalesce(orders_by_date.revenue, 0) as revenue,
        sessions_by_date.converted_count::numeric / sessions_by_date.session_count as conversion_rate,
        sessions_by_date.bounce_count::numeric / sessions_by_date.session_count as bounce_rate
    from events_by_date
    left join sessions_by_date on events_by_date.activity_date = sessions_by_date.activity_date
    left join orders_by_date on events_by_date.activity_date = orders_by_date.activity_date
)

select * from final
