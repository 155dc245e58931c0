with

events as (
    select * from {{ ref('int_events_located') }}
),

-- What is no bot but is called like one: a phone named cubot.
exceptions as (
    select coalesce(string_agg(token, '|'), '') as pattern
    from {{ ref('user_agent_tokens') }}
    where not is_bot
),

bot_tokens as (
    select token from {{ ref('user_agent_tokens') }}
    where is_bot
),

-- limit all offset 0 is a fence: PostgreSQL thinks that what comes of one row repeats, and so chooses Memoize below.
named as (
    select
        events.*,
        spelling.agent_name
    from events
    cross join lateral (
        select events.user_agent as agent_name
        limit all offset 0
    ) as spelling
),

-- There are few user agents and many events: PostgreSQL remembers what this subquery said of each (Memoize).
final as (
    select
        named.*,
        agents.*
    from named
    cross join lateral (
        select
            (
                select coalesce(bool_or(strpos(lowered.agent, bot_tokens.token) > 0), false)
                from bot_tokens
            ) as is_bot,
            case
                when lowered.agent is null then null
                when lowered.agent ~ 'ipad|tablet|kindle|silk/|playbook' then 'tablet'
                when lowered.agent like '%android%' and lowered.agent not like '%mobile%' then 'tablet'
                when lowered.agent ~ 'mobi|iphone|ipod|android|windows phone' then 'mobile'
                when lowered.agent ~ 'windows|macintosh|x11|cros |linux' then 'desktop'
                else 'other'
            end as device_type,
            -- The order matters: nearly every browser also calls itself Chrome, Safari or both.
            case
                when lowered.agent is null then null
                when lowered.agent ~ 'edg/|edge/|edga/|edgios/' then 'Edge'
                when lowered.agent ~ 'opr/|opera' then 'Opera'
                when lowered.agent like '%samsungbrowser/%' then 'Samsung Internet'
                when lowered.agent ~ 'firefox/|fxios/' then 'Firefox'
                when lowered.agent ~ 'chrome/|crios/|chromium/' then 'Chrome'
                when lowered.agent like '%safari/%' then 'Safari'
                when lowered.agent ~ 'msie |trident/' then 'Internet Explorer'
                else 'other'
            end as browser,
            case
                when lowered.agent is null then null
                when lowered.agent like '%windows%' then 'Windows'
                when lowered.agent ~ 'iphone|ipad|ipod' then 'iOS'
                when lowered.agent like '%android%' then 'Android'
                when lowered.agent ~ 'macintosh|mac os x' then 'macOS'
                when lowered.agent like '%cros %' then 'ChromeOS'
                when lowered.agent ~ 'linux|x11' then 'Linux'
                else 'other'
            end as operating_system
        from (
            select regexp_replace(lower(named.agent_name), exceptions.pattern, '', 'g') as agent
            from exceptions
            limit all offset 0
        ) as lowered
        limit all offset 0
    ) as agents
)

select * from final
