{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

visitors as (
    select visitor_id from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {% if is_incremental() -%}
        where visitor_id = any(array(select visitors.visitor_id from visitors))
    {%- endif %}
),

visits as (
    select distinct
        visitor_id,
        started_date
    from sessions
    where not is_bot
),

returns as (
    select
        started_date,
        started_date - lag(started_date) over (partition by visitor_id order by started_date) as days_since_previous
    from visits
),

final as (
    select
        started_date as activity_date,
        coalesce(days_since_previous, 0) as days_since_previous,
        count(*) as visitor_count
    from returns
    {{ where_touched('started_date') }}
    group by 1, 2
)

select * from final
