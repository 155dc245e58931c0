{# One test for all columns that always have a value: each test costs an hourly run its time. #}
{% test no_nulls(model, columns) %}

select *
from {{ model }}
where num_nulls({{ columns | join(', ') }}) > 0

{% endtest %}
