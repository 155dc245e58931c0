{{
    config(
        incremental_strategy='replace_touched',
        unique_key='person_id',
        meta={'touched_in': 'int_persons_touched'},
        indexes=[{'columns': ['person_id']}, {'columns': ['order_key']}, {'columns': ['ordered_date']}],
    )
}}

with

touched_persons as (
    select person_id from {{ ref('int_persons_touched') }}
    where {{ is_new('load_id') }}
),

touches as (
    select * from {{ ref('int_orders_followed') }}
    {% if is_incremental() %}
        where person_id = any(array(select touched_persons.person_id from touched_persons))
    {% endif %}
),

credited as (
    select
        touches.*,
        models.model,
        models.credit
    from touches
    cross join
        lateral (
            values
            ('first', case when touches.place = 1 then 1 end),
            ('last', case when touches.place = touches.touch_count then 1 end),
            ('last_non_direct', case when touches.place = touches.last_non_direct_place then 1 end),
            ('linear', 1.0 / touches.touch_count),
            (
                'position',
                case
                    when touches.touch_count = 1 then 1
                    when touches.touch_count = 2 then 0.5
                    when touches.place in (1, touches.touch_count) then 0.4
                    else 0.2 / (touches.touch_count - 2)
                end
            ),
            ('time_decay', touches.weight / touches.weight_sum)
        ) as models (model, credit)
),

final as (
    select
        order_key,
        model,
        session_key,
        visitor_id,
        person_id,
        channel,
        source,
        campaign,
        credit,
        credit * coalesce(order_total, 0) as credited_revenue,
        ordered_date,
        ordered_at
    from credited
    where credit > 0
)

select * from final
