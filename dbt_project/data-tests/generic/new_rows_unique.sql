{# Looks up only what the last run has changed, in an index of the whole table: the cost does not grow with history. #}
{% test new_rows_unique(model, column_name, among) %}

select
    {{ column_name }},
    count(*) as row_count
from {{ among }}
where {{ column_name }} = any(array(select {{ column_name }} from {{ model }}))
group by 1
having count(*) > 1

{% endtest %}
