{#- What was sent as product.id is named after the column that it became. -#}
{%- set flags -%}
    case
        when event_name = 'category_view' then array_replace(unfit_columns, 'product_id', 'category_id')
        else unfit_columns
    end
    || case when not is_clock_believed then array['event_timestamp'] else array[]::text[] end
    || overlong_columns
{%- endset -%}

with

events as (
    select * from {{ ref('int_events_classified') }}
),

-- Few rows have any.
final as (
    select
        *,
        case
            when unfit_columns = '{}' and overlong_columns = '{}' and is_clock_believed is not false
                then array[]::text[]
            else {{ sorted_flags(flags) }}
        end as quality_flags
    from events
)

select * from final
