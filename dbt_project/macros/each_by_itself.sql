{#
    The end of a lateral subquery that is to be asked for each row before it: a fence, which changes nothing else.
    Without it PostgreSQL may join everything that a visitor ever did, or all that there is, and then leave most out.
#}
{% macro each_by_itself() -%}
    limit all offset 0
{%- endmacro %}
