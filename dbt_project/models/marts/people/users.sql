{{
    config(
        incremental_strategy='replace_touched',
        unique_key='user_id',
        meta={'touched_in': 'int_users_touched'},
        indexes=[{'columns': ['user_id']}],
    )
}}

with

touched_users as (
    select user_id from {{ ref('int_users_touched') }}
    where {{ is_new('load_id') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    where
        stitched_user_id is not null
        {% if is_incremental() %}
            and person_id = any(array(select touched_users.user_id from touched_users))
        {% endif %}
),

final as (
    select
        stitched_user_id as user_id,
        count(distinct visitor_id) as visitor_count,
        count(*) as session_count,
        sum(order_count)::bigint as order_count,
        sum(revenue) as revenue,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at
    from sessions
    group by 1
)

select * from final
