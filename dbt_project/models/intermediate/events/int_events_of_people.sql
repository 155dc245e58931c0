with

events as (
    select * from {{ ref('clickstream_events') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

final as (
    select
        events.*,
        sessions.started_date as session_date
    from events
    inner join sessions
        on
            events.visitor_id = sessions.visitor_id
            and events.session_key = sessions.session_key
)

select * from final
