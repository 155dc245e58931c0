{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

events as (
    select * from {{ ref('int_events_named') }}
),

final as (
    select
        *,
        {{ url_address('page_url') }} as page_address,
        {{ url_query('page_url') }} as page_query,
        {{ url_address('referrer') }} as referrer_address
    from events
)

select * from final
