{# What was expired from raw.events cannot be built again: rebuilding by accident would shorten history. #}
{% macro stop_lossy_full_refresh() %}
    {% set rebuilds_events = [] %}
    {% for name in ['int_events_deduplicated', 'int_items_sent', 'int_exposures_sent', 'clickstream_events', 'quarantined_events'] %}
        {% if 'model.clickmart.' ~ name in selected_resources %}{% do rebuilds_events.append(name) %}{% endif %}
    {% endfor %}
    {% if execute and flags.FULL_REFRESH and rebuilds_events and not var('accept_loss_of_expired_events') %}
        {% set expirations = run_query(
            'select min(expired_at)::date from ' ~ source('raw', 'expirations') ~ ' where event_count > 0'
        ) %}
        {% if expirations[0][0] is not none %}
            {{ exceptions.raise_compiler_error(
                'Events were expired from raw.events since ' ~ expirations[0][0]
                ~ '; a full refresh would lose them for good. Run without --full-refresh, '
                ~ 'or accept the loss with --vars "accept_loss_of_expired_events: true".'
            ) }}
        {% endif %}
    {% endif %}
{% endmacro %}
