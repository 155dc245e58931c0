{#
    dbt builds a table with an enforced contract by creating it empty and inserting into it, which PostgreSQL does on
    one core. This one checks the contract's names and types just as well, and builds on all of them.
#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    create {{ 'temporary' if temporary }} table {{ relation }} as (
        {{ get_select_subquery(sql) if config.get('contract').enforced and not temporary else sql }}
    );
{%- endmacro %}
