{%- set longest = var('text_max_characters') -%}
{%- set columns = [
    'page_host', 'page_path', 'referrer_host', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content',
] -%}

with

events as (
    select * from {{ ref('int_events_named') }}
),

-- limit all offset 0 is a fence: each step is computed once per row, not once per use further on. PostgreSQL thinks
-- that what comes of one row repeats, as visitors' addresses do, and remembers what it said of each (Memoize).
visited as (
    select
        events.*,
        visits.*
    from events
    cross join lateral (
        select
            events.page_url as page,
            events.referrer as origin
        limit all offset 0
    ) as visits
),

parts as (
    select
        visited.*,
        parts.*
    from visited
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
        from (
            select
                addresses.page_address,
                addresses.page_query,
                {{ url_authority('addresses.page_address') }} as page_authority,
                {{ url_authority('addresses.referrer_address') }} as referrer_authority
            from (
                select
                    {{ url_address('visited.page') }} as page_address,
                    {{ url_query('visited.page') }} as page_query,
                    {{ url_address('visited.origin') }} as referrer_address
                limit all offset 0
            ) as addresses
            limit all offset 0
        ) as authorities
        limit all offset 0
    ) as parts
),

final as (
    select
        parts.*,
        kept.*,
        {{ unfit_columns('parts', 'kept', columns, suffix='_sent') }} as overlong_columns
    from parts
    cross join lateral (
        select
            {% for column in columns %}
                case when {{ is_short('parts.' ~ column ~ '_sent', longest) }} then parts.{{ column }}_sent end
                    as {{ column }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
    ) as kept
)

select * from final
