{%- set oldest = "interval '" ~ var('event_timestamp_max_age_hours') ~ " hours'" -%}
{%- set latest = "interval '" ~ var('event_timestamp_max_ahead_minutes') ~ " minutes'" -%}

with

events as (
    select * from {{ ref('int_events_identified') }}
),

-- A wrong clock is wrong by the same amount when the event happens and when it is sent.
corrected as (
    select
        *,
        event_timestamp_sent + coalesce(received_at - sent_at, interval '0 seconds') as corrected_at
    from events
),

judged as (
    select
        *,
        corrected_at between received_at - {{ oldest }} and received_at + {{ latest }} as is_clock_believed
    from corrected
),

timed as (
    select
        *,
        case when is_clock_believed then corrected_at else received_at end as event_timestamp
    from judged
),

final as (
    select
        *,
        {{ reporting_date('event_timestamp') }} as event_date
    from timed
)

select * from final
