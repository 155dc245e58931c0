{{ config(tags=['daily']) }}

with

exposed as (
    select
        experiment,
        count(*) as visitor_count
    from {{ ref('int_visitors_exposed') }}
    group by 1
),

counted as (
    select
        experiment,
        metric,
        sum(visitor_count) + max(excluded_count) as visitor_count
    from {{ ref('experiment_results') }}
    group by 1, 2
)

select
    counted.*,
    exposed.experiment as exposed_experiment,
    exposed.visitor_count as exposed_count
from counted
full join exposed on counted.experiment = exposed.experiment
where
    counted.experiment is null
    or counted.visitor_count <> coalesce(exposed.visitor_count, 0)
