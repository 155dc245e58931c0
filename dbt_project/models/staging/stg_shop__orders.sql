{{ config(enabled=var('shop_orders_enabled')) }}

{%- set ignored_statuses -%}
    {% for status in var('shop_order_statuses_ignored') %}'{{ status }}'{{ ', ' if not loop.last }}{% endfor %}
{%- endset %}

with

orders as (
    select * from {{ source('oltp', 'orders') }}
),

typed as (
    select
        nullif(btrim(order_id::text, e' \t\r\n'), '') as order_id,
        lower(btrim(status::text)) as status,
        total::numeric(18, 4) as order_total,
        ordered_at::timestamptz as ordered_at
    from orders
),

final as (
    select
        order_id,
        status,
        order_total,
        coalesce(status = any(array[{{ ignored_statuses }}]::text[]), false) as is_ignored,
        {{ reporting_date('ordered_at') }} as ordered_date,
        ordered_at
    from typed
)

select * from final
