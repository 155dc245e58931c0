{# The warehouse's schemas have plain names. Every other target writes beside them, under its user's name. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set layer = (custom_schema_name or target.schema) | trim -%}
    {%- if target.name in ('local', 'dw') -%}
        {{ layer }}
    {%- else -%}
        {%- set user = modules.re.sub('[^a-z0-9]+', '_', env_var('USER') | lower).strip('_') -%}
        {%- if not user -%}
            {{ exceptions.raise_compiler_error("USER has no letter or digit to name schemas by: " ~ env_var('USER')) }}
        {%- endif -%}
        {{ target.name }}_{{ user[:30] }}_{{ layer }}
    {%- endif -%}
{%- endmacro %}
