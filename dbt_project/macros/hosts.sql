{# The labels of a listed host stand in a name as they are: google is in www.google.com, but not in googled.com. #}
{% macro host_stands_in(host, name) -%}
    strpos('.' || {{ name }} || '.', '.' || {{ host }} || '.') > 0
{%- endmacro %}
