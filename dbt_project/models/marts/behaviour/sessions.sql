{{
    config(
        incremental_strategy='replace_spans',
        indexes=[
            {'columns': ['session_key']},
            {'columns': ['load_id']},
            {'columns': ['visitor_id', 'started_at']},
            {'columns': ['person_id', 'started_at']},
            {'columns': ['started_date']},
        ],
    )
}}

with

touched_visitors as (
    select distinct visitor_id from {{ ref('int_sessions_aggregated') }}
    where {{ is_new('load_id') }}
),

sessions as (
    select * from {{ ref('int_sessions_stitched') }}
    {% if is_incremental() %}
        where visitor_id = any(array(select touched_visitors.visitor_id from touched_visitors))
    {% endif %}
),

judged as (
    select
        *,
        floor(extract(epoch from ended_at - started_at))::bigint as duration_seconds,
        (
            ended_at - started_at >= interval '{{ var("engaged_session_seconds") }} seconds'
            or page_view_count >= {{ var("engaged_session_page_views") }}
            or order_count > 0
        ) as is_engaged
    from sessions
),

final as (
    select
        ---------- ids
        judged.session_key,
        judged.visitor_id,
        judged.person_id,
        judged.user_id,
        judged.stitched_user_id,
        judged.client_id,

        ---------- text
        judged.user_login_state,
        judged.device_type,
        judged.landing_page_path,
        judged.exit_page_path,
        judged.referrer_host,
        judged.utm_source,
        judged.utm_medium,
        judged.utm_campaign,
        judged.utm_term,
        judged.utm_content,
        judged.source,
        judged.medium,
        judged.campaign,
        judged.channel,

        ---------- numbers
        judged.session_number,
        judged.duration_seconds,
        judged.event_count,
        judged.page_view_count,
        judged.product_view_count,
        judged.add_to_cart_count,
        judged.checkout_start_count,
        judged.order_count,
        judged.revenue,

        ---------- booleans
        judged.session_number = 1 as is_new_visitor,
        judged.is_touch,
        judged.is_engaged,
        not judged.is_engaged as is_bounce,
        judged.order_count > 0 as is_converted,
        judged.is_bot,

        ---------- dates and times
        {{ reporting_date('judged.started_at') }} as started_date,
        judged.started_at,
        judged.ended_at,

        ---------- the newest load that changed the session or one before it
        judged.changed_load_id as load_id
    from judged
    -- Of the visitors' history, only what has changed is written.
    {% if is_incremental() %}
        left join {{ this }} as held
            on
                judged.visitor_id = held.visitor_id
                and judged.session_key = held.session_key
        where
            {{ is_new('judged.changed_load_id') }}
            or (judged.changed_load_id, judged.stitched_user_id) is distinct from (held.load_id, held.stitched_user_id)
    {% endif %}
)

select * from final
