{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        indexes=[{'columns': ['order_key']}, {'columns': ['event_id']}, {'columns': ['visitor_id']}],
    )
}}

with

order_names as (
    select * from {{ ref('event_names') }}
    where is_order
),

order_events as (
    select
        *,
        coalesce(order_id, event_id) as order_key
    from {{ ref('clickstream_events') }}
    where
        event_name in (select order_names.event_name from order_names)
        and {{ is_new('load_id') }}
),

-- However often the thank-you page is loaded again, the first loaded event is the order.
first_loaded as (
    select distinct on (order_key)
        order_key,
        event_id,
        visitor_id,
        load_id
    from order_events
    order by order_key, load_id, event_timestamp, received_at, object_key, line_number
),

{% if is_incremental() %}
    already_held as (
        select held.order_key
        from {{ this }} as held
        where held.order_key = any(array(select order_events.order_key from order_events))
    ),
{% endif %}

final as (
    select * from first_loaded
    {% if is_incremental() %}
        where order_key not in (select already_held.order_key from already_held)
    {% endif %}
)

select * from final
