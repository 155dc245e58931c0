with

events as (
    select * from {{ ref('stg_clickstream__events') }}
),

-- Never a random id: the same row must have the same one in every rebuild.
with_event_id as (
    select
        *,
        coalesce(event_id_sent, md5(object_key || ':' || line_number)) as event_id,
        coalesce(
            identity_source_sent,
            case when user_id is not null then 'client' else 'anonymous' end
        ) as identity_source
    from events
),

final as (
    select
        *,
        coalesce(
            'client:' || client_id,
            'user:' || user_id,
            'session:' || session_id,
            'event:' || event_id
        ) as visitor_id
    from with_event_id
)

select * from final
