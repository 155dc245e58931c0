{{ config(materialized='table', tags=['daily']) }}

with

exposed as (
    select * from {{ ref('int_visitors_exposed') }}
),

planned as (
    select * from {{ ref('experiment_shares') }}
),

variants as (
    select
        experiment,
        variant
    from planned
    union distinct
    select
        exposed.experiment,
        seen.variant
    from exposed
    cross join lateral unnest(exposed.variants) as seen (variant)
),

visitors as (
    select
        experiment,
        variant,
        count(*) filter (where not is_excluded) as visitor_count,
        count(*) filter (where is_excluded) as excluded_count
    from exposed
    group by 1, 2
),

-- Variants without any plan are meant to be equal. One that a plan leaves out gets no share: anybody can send a name,
-- and that is no reason to doubt the others.
shared as (
    select
        variants.experiment,
        variants.variant,
        coalesce(visitors.visitor_count, 0) as visitor_count,
        sum(coalesce(visitors.excluded_count, 0)) over experiments as excluded_count,
        planned.share is not null as is_planned,
        case when count(planned.share) over experiments = 0 then 1 else planned.share end as planned_share
    from variants
    left join visitors
        on
            variants.experiment = visitors.experiment
            and variants.variant = visitors.variant
    left join planned
        on
            variants.experiment = planned.experiment
            and variants.variant = planned.variant
    window experiments as (partition by variants.experiment)
),

expected as (
    select
        experiment,
        visitor_count,
        nullif(planned_share * sum(visitor_count) over experiments / sum(planned_share) over experiments, 0)
            as expected_count
    from shared
    where planned_share is not null
    window experiments as (partition by experiment)
),

chi_squared as (
    select
        experiment,
        sum(visitor_count) as visitor_count,
        sum((visitor_count - expected_count) ^ 2 / expected_count) as chi_squared,
        count(*) - 1 as degrees_of_freedom
    from expected
    group by 1
),

-- Asked once an experiment, as the answer is as long as there are variants, and anybody can send one.
tested as (
    select
        experiment,
        {{ chi_squared_tail('chi_squared', 'degrees_of_freedom') }} as srm_p_value
    from chi_squared
    where visitor_count >= {{ var('experiment_srm_min_visitors') }}
),

final as (
    select
        shared.experiment,
        shared.variant,
        shared.visitor_count,
        shared.excluded_count::bigint as excluded_count,
        shared.is_planned,
        tested.srm_p_value
    from shared
    left join tested on shared.experiment = tested.experiment
)

select * from final
