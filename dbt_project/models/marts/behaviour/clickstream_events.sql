{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['event_id']}, {'columns': ['load_id']}, {'columns': ['visitor_id']}],
    )
}}

with

newest as (
    select * from {{ ref('int_loads_fixed') }}
),

new_events as (
    select * from {{ ref('int_events_flagged') }}
    where
        event_name is not null
        and load_id <= (select newest.load_id from newest)
        {% if is_incremental() %}
            and load_id > (select coalesce(max(held.load_id), 0) from {{ this }} as held)
        {% endif %}
),

-- Of an event that was sent twice, the first loaded is kept; within a load the first in the one order.
first_loaded as (
    select distinct on (event_id) *
    from new_events
    order by event_id, load_id, event_timestamp, received_at, object_key, line_number
),

{% if is_incremental() %}
    -- An array, so that PostgreSQL looks each id up in the index, however much history there is.
    already_held as (
        select held.event_id
        from {{ this }} as held
        where held.event_id = any(array(select new_events.event_id from new_events))
    ),
{% endif %}

final as (
    select
        ---------- ids
        event_id,
        user_id,
        client_id,
        session_id,
        visitor_id,
        product_id,
        category_id,
        order_id,
        cart_id,

        ---------- text
        event_name,
        event_name_raw,
        user_login_state,
        identity_source,
        product_name,
        product_category,
        product_brand,
        product_url_path,
        page_url,
        page_host,
        page_path,
        referrer,
        referrer_host,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_term,
        utm_content,
        experiment,
        variant,
        device_type,
        browser,
        operating_system,
        quality_flags,

        ---------- numbers
        product_price,
        product_discount_price,
        product_quantity,
        order_total,
        item_count,

        ---------- booleans
        is_first_visit,
        is_bot,

        ---------- dates and times
        event_date,
        event_timestamp,
        sent_at,
        received_at,

        ---------- where the row comes from
        load_id,
        object_key,
        line_number,
        loaded_at
    from first_loaded
    {% if is_incremental() %}
        where event_id not in (select already_held.event_id from already_held)
    {% endif %}
)

select * from final
