{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

events as (
    select * from {{ ref('stg_clickstream__events') }}
),

-- Never a random id: the same row must have the same one in every rebuild.
completed as (
    select
        *,
        coalesce(event_id_sent, md5(object_key || ':' || line_number)) as event_id,
        coalesce(
            identity_source_sent,
            case when user_id is not null then 'client' else 'anonymous' end
        ) as identity_source,
        coalesce(received_at_sent, {{ object_hour('object_key') }}, loaded_at) as received_at
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
    from completed
)

select * from final
