{{ config(materialized='table', tags=['daily']) }}

with

members as (
    select * from {{ ref('int_persons_cohorted') }}
),

activity as (
    select * from {{ ref('int_persons_active_weekly') }}
),

reached as (
    select * from {{ ref('int_loads_reached') }}
),

cohorts as (
    select
        cohort_type,
        cohort_week,
        first_channel,
        count(*) as cohort_size
    from members
    group by 1, 2, 3
),

-- Every week of a cohort up to that of the newest data, also those in which nobody came.
weeks as (
    select
        cohorts.*,
        numbers.week_number,
        cohorts.cohort_week + 7 * numbers.week_number as activity_week
    from cohorts
    cross join reached
    cross join lateral generate_series(0, (reached.as_of_date - cohorts.cohort_week) / 7) as numbers (week_number)
),

active as (
    select
        members.cohort_type,
        members.cohort_week,
        members.first_channel,
        activity.activity_week,
        count(*) filter (where activity.is_retained) as retained_count,
        sum(activity.order_count)::bigint as order_count,
        sum(activity.revenue) as revenue
    from members
    inner join activity
        on
            members.cohort_type = activity.cohort_type
            and members.person_id = activity.person_id
    group by 1, 2, 3, 4
),

filled as (
    select
        weeks.cohort_type,
        weeks.cohort_week,
        weeks.first_channel,
        weeks.week_number,
        weeks.activity_week + 6 < reached.as_of_date as is_complete,
        weeks.cohort_size,
        coalesce(active.retained_count, 0) as retained_count,
        coalesce(active.order_count, 0) as order_count,
        coalesce(active.revenue, 0) as revenue
    from weeks
    cross join reached
    left join active
        on
            weeks.cohort_type = active.cohort_type
            and weeks.cohort_week = active.cohort_week
            and weeks.first_channel = active.first_channel
            and weeks.activity_week = active.activity_week
),

summed as (
    select
        *,
        sum(revenue) over (
            partition by cohort_type, cohort_week, first_channel
            order by week_number
        ) as cumulative_revenue
    from filled
),

final as (
    select
        *,
        retained_count::numeric / cohort_size as retained_share,
        revenue / cohort_size as revenue_per_customer,
        cumulative_revenue / cohort_size as cumulative_revenue_per_customer
    from summed
)

select * from final
