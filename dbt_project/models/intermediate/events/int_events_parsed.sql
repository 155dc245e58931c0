{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{%- set page_authority = url_authority('page_address') -%}

with

events as (
    select * from {{ ref('int_events_addressed') }}
),

final as (
    select
        *,
        {{ host_of_authority(page_authority) }} as page_host_sent,
        {{ url_path('page_address', page_authority) }} as page_path_sent,
        {{ host_of_authority(url_authority('referrer_address')) }} as referrer_host_sent,
        {{ url_parameter('page_query', 'utm_source') }} as utm_source_sent,
        {{ url_parameter('page_query', 'utm_medium') }} as utm_medium_sent,
        {{ url_parameter('page_query', 'utm_campaign') }} as utm_campaign_sent,
        {{ url_parameter('page_query', 'utm_term') }} as utm_term_sent,
        {{ url_parameter('page_query', 'utm_content') }} as utm_content_sent
    from events
)

select * from final
