{# What PostgreSQL 15 has no functions for. Both are right to 1e-6 whatever their arguments, and NULL where one is. #}

{#
    The share of a standard normal distribution that lies above z: Abramowitz and Stegun, Handbook of Mathematical
    Functions, 26.2.17. PostgreSQL raises an error where a result comes too close to 0, so what lies further than 37 out
    counts as 37: less than 1e-299 lies beyond.
#}
{% macro normal_tail(z) -%}
    {%- set distance = 'least(greatest(abs((' ~ z ~ ')::double precision), 1e-9), 37)' -%}
    {%- set t = '(1 / (1 + 0.2316419 * ' ~ distance ~ '))' -%}
    {%- set tail -%}
    least(
        0.5,
        exp(-({{ distance }} ^ 2) / 2) / sqrt(2 * pi()) * {{ t }} * (
            0.319381530 + {{ t }} * (
                -0.356563782 + {{ t }} * (1.781477937 + {{ t }} * (-1.821255978 + {{ t }} * 1.330274429))
            )
        )
    )
    {%- endset -%}
    case
        when {{ z }} >= 0 then {{ tail }}
        when {{ z }} < 0 then 1 - {{ tail }}
    end
{%- endmacro %}

{#
    The share of a chi-squared distribution that lies above a value: Abramowitz and Stegun, 26.4.4 and 26.4.5, sums of
    about half as many terms as there are degrees of freedom. Each term is the one before times chi_squared / step;
    logarithms are added up instead, as the terms' parts would be too large or too small for PostgreSQL.
#}
{% macro chi_squared_tail(chi_squared, degrees_of_freedom) -%}
    {%- set x = 'least(greatest((' ~ chi_squared ~ ')::double precision, 1e-200), 1e12)' -%}
    case
        when {{ chi_squared }} >= 0 and {{ degrees_of_freedom }} >= 1 then least(
            1,
            case when {{ degrees_of_freedom }} % 2 = 1 then 2 * {{ normal_tail('sqrt(' ~ x ~ ')') }} else 0 end
            + (
                select coalesce(sum(exp(greatest(terms.logarithm, -700))), 0)
                from (
                    select
                        -{{ x }} / 2 + sum(
                            case steps.step
                                when 0 then 0
                                when 1 then ln(2 * {{ x }} / pi()) / 2
                                else ln({{ x }} / steps.step)
                            end
                        ) over (order by steps.step) as logarithm
                    from generate_series(
                        {{ degrees_of_freedom }} % 2, {{ degrees_of_freedom }} - 2, 2
                    ) as steps (step)
                ) as terms
            )
        )
    end
{%- endmacro %}
