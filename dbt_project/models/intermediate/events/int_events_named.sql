{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

events as (
    select * from {{ ref('int_events_timed') }}
),

event_names as (
    select * from {{ ref('event_names') }}
),

spelled as (
    select
        *,
        {{ snake_case('event_name_raw') }} as event_name_spelled
    from events
),

named as (
    select
        spelled.*,
        coalesce(event_names.event_name, spelled.event_name_spelled) as event_name
    from spelled
    left join event_names on spelled.event_name_spelled = event_names.sent_name
),

-- The tracker has one place for the id of what is looked at, be it a product or a category.
final as (
    select
        *,
        case when event_name = 'category_view' then product_id_sent end as category_id,
        case when event_name = 'category_view' then null else product_id_sent end as product_id
    from named
)

select * from final
