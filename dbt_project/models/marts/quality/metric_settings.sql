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
            'journey_steps_kept',
            '{{ var("journey_steps_kept") }}',
            'steps',
            'Journeys from an event, or back from it, are looked for in as many steps of a visit.'
        ),
        (
            'journey_flow_steps',
            '{{ var("journey_flow_steps") }}',
            'steps',
            'Journeys from an event, or back from it, are shown up to as many steps from it.'
        ),
        (
            'path_steps',
            '{{ var("path_steps") }}',
            'pages',
            'Paths are told apart by as many pages from their start.'
        ),
        (
            'day_closes_after_hours',
            '{{ var("day_closes_after_hours") }}',
            'hours',
            'An event that is received as long after the end of its day, or later, is late.'
        ),
        (
            'event_timestamp_max_age_hours',
            '{{ var("event_timestamp_max_age_hours") }}',
            'hours',
            'Events are believed to be as old when they are received; a day is settled when that has passed.'
        ),
        (
            'shop_order_statuses_ignored',
            '{{ var("shop_order_statuses_ignored") | join(", ") }}',
            'statuses',
            'Orders of the shop that are not expected among those its pages report.'
        ),
        (
            'first_click_window_minutes',
            '{{ var("first_click_window_minutes") }}',
            'minutes',
            'The first click within this time before a checkout is credited with it.'
        ),
        (
            'attribution_window_days',
            '{{ var("attribution_window_days") }}',
            'days',
            'Visits within this time before an order may be credited with it.'
        ),
        (
            'attribution_restarts_after_order',
            '{{ var("attribution_restarts_after_order") | lower }}',
            'yes or no',
            'Visits before an order are not credited with the one after it.'
        ),
        (
            'attribution_half_life_days',
            '{{ var("attribution_half_life_days") }}',
            'days',
            'Where credit decays, a visit counts half as much as one so much later.'
        ),
        (
            'cart_abandoned_after_hours',
            '{{ var("cart_abandoned_after_hours") }}',
            'hours',
            'A cart that is left for longer without an order is abandoned.'
        ),
        (
            'cart_abandoner_days',
            '{{ var("cart_abandoner_days") }}',
            'days',
            'Who left a cart within this time is a cart abandoner.'
        ),
        (
            'viewed_not_bought_days',
            '{{ var("viewed_not_bought_days") }}',
            'days',
            'Who looked at a product within this time and did not order has viewed, but not bought.'
        ),
        (
            'lapsed_after_days',
            '{{ var("lapsed_after_days") }}',
            'days',
            'A customer without an order for longer has lapsed.'
        ),
        (
            'rfm_min_customers',
            '{{ var("rfm_min_customers") }}',
            'customers',
            'Below as many, customers are not divided into fifths.'
        ),
        (
            'experiment_min_visitors',
            '{{ var("experiment_min_visitors") }}',
            'visitors',
            'A variant is compared with the control once each has as many visitors.'
        ),
        (
            'experiment_srm_min_visitors',
            '{{ var("experiment_srm_min_visitors") }}',
            'visitors',
            'Whether visitors are split as planned is asked of as many, of all variants together.'
        ),
        (
            'experiment_srm_p_value',
            '{{ var("experiment_srm_p_value") }}',
            'probability',
            'Visitors who are split this unlikely are not split as planned: something in the experiment is broken.'
        ),
        (
            'anomaly_baseline_days',
            '{{ var("anomaly_baseline_days") }}',
            'days',
            'An hour or a day is compared with the same hour of as many days before it.'
        ),
        (
            'anomaly_min_points',
            '{{ var("anomaly_min_points") }}',
            'points',
            'With fewer to compare with, there is no verdict.'
        ),
        (
            'anomaly_band_spreads',
            '{{ var("anomaly_band_spreads") }}',
            'spreads',
            'What is further from the expected is unusual. A spread is what chance and habit make of an ordinary day.'
        ),
        (
            'anomaly_critical_spreads',
            '{{ var("anomaly_critical_spreads") }}',
            'spreads',
            'What is further from the expected is alarming.'
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
