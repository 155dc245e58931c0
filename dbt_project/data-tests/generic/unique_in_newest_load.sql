{# Looks up only what the newest load added, so that its cost does not grow with history. #}
{% test unique_in_newest_load(model, column_name) %}

with

added as (
    select {{ column_name }}
    from {{ model }}
    where load_id = (select max(newest.load_id) from {{ model }} as newest)
),

final as (
    select
        {{ column_name }},
        count(*) as row_count
    from {{ model }}
    where {{ column_name }} = any(array(select added.{{ column_name }} from added))
    group by 1
    having count(*) > 1
)

select * from final

{% endtest %}
