with

events as (
    select * from {{ ref('int_events_located') }}
),

tokens as (
    select * from {{ ref('user_agent_tokens') }}
),

-- What is no bot but is called like one: a phone named cubot.
exceptions as (
    select string_agg(token, '|') as pattern
    from tokens
    where not is_bot
),

lowered as (
    select
        events.*,
        spelling.agent
    from events
    cross join lateral (
        select
            regexp_replace(
                lower(events.user_agent), coalesce((select exceptions.pattern from exceptions), ''), '', 'g'
            ) as agent
        limit all offset 0
    ) as spelling
),

-- There are few user agents and many events: PostgreSQL remembers what this subquery said of each (Memoize).
final as (
    select
        lowered.*,
        agents.*
    from lowered
    cross join lateral (
        select
            coalesce(bool_or(strpos(lowered.agent, tokens.token) > 0), false) as is_bot,
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
        from tokens
        where tokens.is_bot
    ) as agents
)

select * from final
