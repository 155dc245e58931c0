with

sessions as (
    select * from {{ ref('sessions') }}
),

final as (
    select distinct
        sessions.load_id,
        days.activity_date::date as activity_date
    from sessions
    cross join lateral generate_series(
        sessions.started_date::timestamp, {{ reporting_date('sessions.ended_at') }}::timestamp, interval '1 day'
    ) as days (activity_date)
)

select * from final
