with

sessions as (
    select * from {{ ref('int_sessions_aggregated') }}
),

own_hosts as (
    select host from {{ ref('own_hosts') }}
    union all
    select host from {{ ref('payment_hosts') }}
),

click_ids as (
    select * from {{ ref('click_ids') }}
),

channel_hosts as (
    select * from {{ ref('channel_hosts') }}
),

-- There are few hosts and many sessions: PostgreSQL remembers what these subqueries said of each (Memoize).
referred as (
    select
        sessions.*,
        coalesce(sessions.referrer_host = sessions.entry_page_host or referrers.is_own, false) as is_from_own_host,
        {{ url_query('sessions.entry_page_url') }} as entry_page_query
    from sessions
    cross join lateral (
        select bool_or({{ host_stands_in('own_hosts.host', 'sessions.referrer_host') }}) as is_own
        from own_hosts
    ) as referrers
),

-- What advertisers add to an address tells of a paid click, unless it is one that is added to any link.
clicked as (
    select
        referred.*,
        clicks.source as click_source,
        coalesce(clicks.is_paid, false) as own_is_paid_click
    from referred
    left join lateral (
        select click_ids.*
        from click_ids
        where
            referred.entry_page_query <> ''
            and split_part(split_part('&' || referred.entry_page_query, '&' || click_ids.parameter || '=', 2), '&', 1)
            <> ''
        order by click_ids.is_paid desc, click_ids.parameter asc
        limit 1
    ) as clicks on true
),

sourced as (
    select
        clicked.*,
        lower(clicked.utm_medium) as own_medium,
        lower(clicked.utm_campaign) as own_campaign,
        case when not clicked.is_from_own_host then clicked.referrer_host end as own_referrer_host,
        coalesce(
            lower(clicked.utm_source),
            clicked.click_source,
            case when not clicked.is_from_own_host then clicked.referrer_host end
        ) as own_source
    from clicked
),

final as (
    select
        sourced.*,
        types.source_type as own_source_type
    from sourced
    left join lateral (
        select channel_hosts.source_type
        from channel_hosts
        where {{ host_stands_in('channel_hosts.host', 'sourced.own_source') }}
        order by length(channel_hosts.host) desc, channel_hosts.host asc
        limit 1
    ) as types on true
)

select * from final
