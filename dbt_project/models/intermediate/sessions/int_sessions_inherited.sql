with

sessions as (
    select * from {{ ref('int_sessions_sourced') }}
),

numbered as (
    select
        *,
        row_number() over (partition by visitor_id order by started_at) as session_number
    from sessions
),

-- Who comes back from paying, or goes on in the shop after a pause, came from where the visit before came from.
judged as (
    select
        *,
        not is_from_own_host or session_number = 1 as is_touch
    from numbered
),

visits as (
    select
        *,
        count(*) filter (where is_touch) over (partition by visitor_id order by started_at) as touch_number
    from judged
),

final as (
    select
        *,
        first_value(own_source) over touched as source,
        first_value(own_source_type) over touched as source_type,
        first_value(own_medium) over touched as medium,
        first_value(own_campaign) over touched as campaign,
        first_value(own_is_paid_click) over touched as is_paid_click,
        first_value(own_referrer_host) over touched as external_referrer_host
    from visits
    window touched as (partition by visitor_id, touch_number order by started_at)
)

select * from final
