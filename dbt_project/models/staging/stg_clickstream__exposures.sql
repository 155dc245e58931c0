{%- set identifier = var('identifier_max_characters') -%}

with

events as (
    select
        load_id,
        object_key collate "default" as object_key,
        line_number,
        payload -> 'experiments' as experiments
    from {{ source('raw', 'events') }}
),

-- Whatever else may stand under this name is no list of experiments.
members as (
    select
        events.load_id,
        events.object_key,
        events.line_number,
        named.experiment,
        named.variant
    from events
    cross join
        lateral jsonb_each(
            case when jsonb_typeof(events.experiments) = 'object' then events.experiments else '{}' end
        ) as named (experiment, variant)
    where jsonb_typeof(events.experiments) = 'object'
),

texts as (
    select
        load_id,
        object_key,
        line_number,
        nullif(btrim(experiment, e' \t\r\n'), '') as experiment,
        {{ json_text('variant', ['string']) }} as variant
    from members
),

-- Names that differ in their blanks are one.
final as (
    select distinct
        load_id,
        object_key,
        line_number,
        {{ to_text('experiment', identifier) }} as experiment,
        {{ to_text('variant', identifier) }} as variant
    from texts
)

select * from final
where
    experiment is not null
    and variant is not null
