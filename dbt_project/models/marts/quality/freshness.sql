{{ config(materialized='table') }}

-- Built after all that dashboards read of an hour: they take its load_id as how far every table goes.
-- depends_on: {{ ref('activity_daily') }}
-- depends_on: {{ ref('activity_hourly') }}
-- depends_on: {{ ref('attributed_checkouts') }}
-- depends_on: {{ ref('attribution_credits') }}
-- depends_on: {{ ref('attribution_daily') }}
-- depends_on: {{ ref('channel_performance_daily') }}
-- depends_on: {{ ref('clickstream_events') }}
-- depends_on: {{ ref('data_quality_daily') }}
-- depends_on: {{ ref('events_daily') }}
-- depends_on: {{ ref('funnel_daily') }}
-- depends_on: {{ ref('journey_flows_daily') }}
-- depends_on: {{ ref('journey_transitions_daily') }}
-- depends_on: {{ ref('late_data_daily') }}
-- depends_on: {{ ref('load_health') }}
-- depends_on: {{ ref('metric_settings') }}
-- depends_on: {{ ref('orders') }}
-- depends_on: {{ ref('pages_daily') }}
-- depends_on: {{ ref('product_metrics_daily') }}
-- depends_on: {{ ref('products') }}
-- depends_on: {{ ref('quarantined_events') }}
-- depends_on: {{ ref('session_funnels') }}
-- depends_on: {{ ref('session_paths_daily') }}
-- depends_on: {{ ref('sessions') }}
-- depends_on: {{ ref('sessions_daily') }}
-- depends_on: {{ ref('users') }}
-- depends_on: {{ ref('visitor_returns_daily') }}
-- depends_on: {{ ref('visitors') }}

with

reached as (
    select * from {{ ref('int_loads_reached') }}
)

select * from reached
