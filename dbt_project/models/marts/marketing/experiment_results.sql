{{ config(materialized='table', tags=['daily']) }}

with

variants as (
    select * from {{ ref('int_variants_balanced') }}
),

outcomes as (
    select * from {{ ref('int_outcomes_measured') }}
),

measured as (
    select
        experiment,
        variant,
        metric,
        avg(value) as value,
        var_samp(value) as variance
    from outcomes
    group by 1, 2, 3
),

-- Each row beside the control's: the variant of that name, else the first by name. Of one that anybody may have sent,
-- nobody has a plan, and hardly anybody has seen it.
compared as (
    select
        variants.*,
        metrics.metric,
        measured.value,
        measured.variance,
        row_number() over control_first = 1 as is_control,
        first_value(variants.visitor_count) over control_first as control_visitor_count,
        first_value(measured.value) over control_first as control_value,
        first_value(measured.variance) over control_first as control_variance
    from variants
    cross join (values ('conversion'), ('revenue_per_visitor'), ('add_to_cart_rate')) as metrics (metric)
    left join measured
        on
            variants.experiment = measured.experiment
            and variants.variant = measured.variant
            and metrics.metric = measured.metric
    window control_first as (
        partition by variants.experiment, metrics.metric
        order by
            variants.variant <> 'control',
            variants.is_planned desc,
            variants.visitor_count < {{ var('experiment_min_visitors') }},
            variants.variant collate "C"
    )
),

errors as (
    select
        *,
        sqrt(variance / visitor_count + control_variance / control_visitor_count) as difference_error,
        sqrt(variance / visitor_count + (value / control_value) ^ 2 * control_variance / control_visitor_count)
        / control_value as lift_error
    from compared
    where
        least(visitor_count, control_visitor_count) >= {{ var('experiment_min_visitors') }}
        and control_value > 0
        and not is_control
),

-- By the delta method. Of a normal distribution, 95 % lie within 1.96 standard errors.
judged as (
    select
        experiment,
        variant,
        metric,
        value / control_value - 1 as lift,
        value / control_value - 1 - 1.959963984540054 * lift_error as ci_low,
        value / control_value - 1 + 1.959963984540054 * lift_error as ci_high,
        2 * {{ normal_tail('abs((value - control_value) / difference_error)') }} as p_value
    from errors
    where difference_error > 0
),

final as (
    select
        compared.experiment,
        compared.variant,
        compared.metric,
        compared.is_control,
        compared.visitor_count,
        compared.excluded_count,
        compared.value,
        judged.lift,
        judged.ci_low,
        judged.ci_high,
        judged.p_value,
        compared.srm_p_value,
        case
            when compared.srm_p_value < {{ var('experiment_srm_p_value') }} then 'sample_ratio_mismatch'
            when compared.visitor_count < {{ var('experiment_min_visitors') }} then 'not_enough_data'
            when not compared.is_control and judged.experiment is null then 'not_enough_data'
            else 'ok'
        end as status
    from compared
    left join judged
        on
            compared.experiment = judged.experiment
            and compared.variant = judged.variant
            and compared.metric = judged.metric
)

select * from final
