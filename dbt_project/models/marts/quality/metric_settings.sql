{{ config(materialized='table') }}

with

final as (
    select
        settings.setting,
        settings.value,
        settings.unit,
        settings.reason
    from (
        values
        (
            'session_gap_seconds',
            '{{ var("session_gap_seconds") }}',
            'seconds',
            'A longer pause than this ends a visit; one of exactly this length does not.'
        ),
        (
            'session_max_hours',
            '{{ var("session_max_hours") }}',
            'hours',
            'A visit without such a pause is cut into pieces of this length.'
        ),
        (
            'engaged_session_seconds',
            '{{ var("engaged_session_seconds") }}',
            'seconds',
            'A visit of this length is engaged, not a bounce.'
        ),
        (
            'engaged_session_page_views',
            '{{ var("engaged_session_page_views") }}',
            'page views',
            'A visit with as many page views is engaged, however short.'
        ),
        (
            'journey_steps',
            '{{ var("journey_steps") }}',
            'steps',
            'Journeys are shown up to this step.'
        ),
        (
            'path_steps',
            '{{ var("path_steps") }}',
            'pages',
            'Paths are told apart by as many pages from their start.'
        ),
        (
            'reporting_timezone',
            '{{ var("reporting_timezone") }}',
            'time zone',
            'Days and hours begin and end where the shop is.'
        ),
        (
            'shop_currency',
            '{{ var("shop_currency") }}',
            'currency',
            'All prices and revenue are in this one.'
        )
    ) as settings (setting, value, unit, reason)
)

select * from final
