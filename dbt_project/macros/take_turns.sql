{# Two runs at once would both add what they both see as new. The second waits, and sees it there. Readers do not wait. #}
{% macro take_turns() -%}
    {%- if config.get('materialized') == 'incremental' and is_incremental() -%}
        lock table {{ this }} in share row exclusive mode
    {%- endif -%}
{%- endmacro %}
