{#
    For tables that people fill in. Each rule is a condition that no row may meet, and the sentence that whoever wrote
    such a row reads on the terminal, with the row's values in place of {column}. A condition that is NULL, as of a
    cell that was left empty, counts as met.
#}
{% test no_wrong_rows(model, rules) %}

{%- set wrong_rows -%}
    {% for rule in rules %}
    {{ 'union all' if not loop.first }}
    select distinct
        '{{ rule.say | replace("'", "''") | replace("{", "' || coalesce(") | replace("}", "::text, '(empty)') || '") }}'
            as sentence
    from (select *, ({{ rule.wrong_if }}) is not false as is_wrong from {{ model }}) as judged
    where is_wrong
    {% endfor %}
{%- endset -%}

{#- dbt itself would only say how many rows there are. Commands that test nothing may run before the table exists. #}
{%- if execute and flags.WHICH in ('build', 'test') -%}
    {%- set sentences = run_query(wrong_rows).columns[0].values() | list -%}
    {%- if sentences -%}
        {{ exceptions.raise_compiler_error(
            'Wrong rows (' ~ sentences | length ~ '):\n  - ' ~ sentences[:10] | join('\n  - ')
        ) }}
    {%- endif -%}
{%- endif -%}

{{ wrong_rows }}

{% endtest %}
