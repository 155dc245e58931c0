with

events as (
    select * from {{ ref('int_events_classified') }}
),

-- What was sent as product.id is named after the column that it became.
collected as (
    select
        *,
        case
            when event_name = 'category_view' then array_replace(unfit_columns, 'product_id', 'category_id')
            else unfit_columns
        end
        || case when not is_clock_believed then array['event_timestamp'] else array[]::text[] end
        || overlong_columns as flags
    from events
),

final as (
    select
        *,
        case when flags = '{}' then flags else {{ sorted_flags('flags') }} end as quality_flags
    from collected
)

select * from final
