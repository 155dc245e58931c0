with

sessions as (
    select * from {{ ref('int_sessions_inherited') }}
),

paid as (
    select
        *,
        is_paid_click or coalesce(medium ~ '^(.*cp.*|ppc|retargeting|paid.*)$', false) as is_paid,
        coalesce(source_type = 'shopping' or campaign ~ '^(.*(([^a-df-z]|^)shop|shopping).*)$', false) as is_shopping
    from sessions
),

-- The first that fits.
final as (
    select
        *,
        case
            when source is null and medium is null then 'Direct'
            when is_shopping and is_paid then 'Paid Shopping'
            when source_type = 'search' and is_paid then 'Paid Search'
            when source_type = 'social' and is_paid then 'Paid Social'
            when source_type = 'video' and is_paid then 'Paid Video'
            when medium in ('display', 'banner', 'expandable', 'interstitial', 'cpm') then 'Display'
            when is_paid then 'Paid Other'
            when is_shopping then 'Organic Shopping'
            when source_type = 'social' then 'Organic Social'
            when medium in ('social', 'social-network', 'social-media', 'sm', 'social network', 'social media')
                then 'Organic Social'
            when source_type = 'video' or medium like '%video%' then 'Organic Video'
            when source_type = 'search' or medium = 'organic' then 'Organic Search'
            when source_type = 'ai' then 'AI Assistants'
            when source_type = 'email' then 'Email'
            when source in ('email', 'e-mail', 'e_mail', 'e mail') then 'Email'
            when medium in ('email', 'e-mail', 'e_mail', 'e mail') then 'Email'
            when medium in ('affiliate', 'affiliates') then 'Affiliates'
            when source = 'sms' or medium = 'sms' then 'SMS'
            when medium like '%push' or medium ~ 'mobile|notification' or source = 'firebase' then 'Push'
            when external_referrer_host is not null or medium in ('referral', 'app', 'link') then 'Referral'
            else 'Unassigned'
        end as channel
    from paid
)

select * from final
