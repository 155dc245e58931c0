{%- set longest = var('text_max_characters') -%}

with

events as (
    select * from {{ ref('int_events_named') }}
),

-- limit all offset 0 is a fence: an address is taken apart once per row, not once per use further on.
addresses as (
    select
        events.*,
        addresses.*
    from events
    cross join lateral (
        select
            {{ url_address('events.page_url') }} as page_address,
            {{ url_query('events.page_url') }} as page_query,
            {{ url_address('events.referrer') }} as referrer_address
        limit all offset 0
    ) as addresses
),

authorities as (
    select
        addresses.*,
        authorities.*
    from addresses
    cross join lateral (
        select
            {{ url_authority('addresses.page_address') }} as page_authority,
            {{ url_authority('addresses.referrer_address') }} as referrer_authority
        limit all offset 0
    ) as authorities
),

parts as (
    select
        authorities.*,
        parts.*
    from authorities
    cross join lateral (
        select
            {{ host_of_authority('authorities.page_authority') }} as page_host_sent,
            {{ url_path('authorities.page_address', 'authorities.page_authority') }} as page_path_sent,
            {{ host_of_authority('authorities.referrer_authority') }} as referrer_host_sent,
            {{ url_parameter('authorities.page_query', 'utm_source') }} as utm_source_sent,
            {{ url_parameter('authorities.page_query', 'utm_medium') }} as utm_medium_sent,
            {{ url_parameter('authorities.page_query', 'utm_campaign') }} as utm_campaign_sent,
            {{ url_parameter('authorities.page_query', 'utm_term') }} as utm_term_sent,
            {{ url_parameter('authorities.page_query', 'utm_content') }} as utm_content_sent
        limit all offset 0
    ) as parts
),

final as (
    select
        *,
        {{ to_text('page_host_sent', longest) }} as page_host,
        {{ to_text('page_path_sent', longest) }} as page_path,
        {{ to_text('referrer_host_sent', longest) }} as referrer_host,
        {{ to_text('utm_source_sent', longest) }} as utm_source,
        {{ to_text('utm_medium_sent', longest) }} as utm_medium,
        {{ to_text('utm_campaign_sent', longest) }} as utm_campaign,
        {{ to_text('utm_term_sent', longest) }} as utm_term,
        {{ to_text('utm_content_sent', longest) }} as utm_content,
        array_remove(array[
            case when length(page_host_sent) > {{ longest }} then 'page_host' end,
            case when length(page_path_sent) > {{ longest }} then 'page_path' end,
            case when length(referrer_host_sent) > {{ longest }} then 'referrer_host' end,
            case when length(utm_source_sent) > {{ longest }} then 'utm_source' end,
            case when length(utm_medium_sent) > {{ longest }} then 'utm_medium' end,
            case when length(utm_campaign_sent) > {{ longest }} then 'utm_campaign' end,
            case when length(utm_term_sent) > {{ longest }} then 'utm_term' end,
            case when length(utm_content_sent) > {{ longest }} then 'utm_content' end
        ], null) as overlong_columns
    from parts
)

select * from final
