{# The only macros that know JSON. #}

{# Where the value of each column stands: a document, and the names that it may have there. #}
{% macro payload_fields() -%}
    {%- do return({
        'event_id': ['payload', 'eventId', 'event_id'],
        'event_name': ['payload', 'eventName', 'event_name'],
        'event_timestamp': ['payload', 'eventTimestamp', 'event_timestamp'],
        'sent_at': ['payload', 'sentAt', 'sent_at'],
        'page_url': ['payload', 'pageUrl', 'page_url'],
        'referrer': ['payload', 'referrer'],
        'user_id': ['payload', 'userId', 'user_id'],
        'user_login_state': ['payload', 'userLoginState', 'user_login_state'],
        'identity_source': ['payload', 'identitySource', 'identity_source'],
        'client_id': ['payload', 'clientId', 'client_id'],
        'session_id': ['payload', 'sessionId', 'session_id'],
        'is_first_visit': ['payload', 'isFirstVisit', 'is_first_visit'],
        'product_id': ['product', 'id', 'productId', 'product_id'],
        'product_name': ['product', 'name', 'productName', 'product_name'],
        'product_category': ['product', 'category', 'productCategory', 'product_category'],
        'product_brand': ['product', 'brand', 'brandName', 'brand_name', 'product_brand'],
        'product_price': ['product', 'price', 'productPrice', 'product_price'],
        'product_discount_price': ['product', 'discountPrice', 'discount_price', 'product_discount_price'],
        'product_url_path': ['product', 'urlPath', 'url_path', 'product_url_path'],
        'product_quantity': ['product', 'quantity', 'productQuantity', 'product_quantity'],
        'order_id': ['dataset', 'orderId', 'order_id', 'orderNumber', 'order_number'],
        'order_total': ['dataset', 'total', 'orderTotal', 'order_total'],
        'cart_id': ['dataset', 'cartId', 'cart_id'],
        'item_count': ['dataset', 'itemCount', 'item_count'],
        'experiment': ['dataset', 'experiment'],
        'variant': ['dataset', 'variant'],
        'received_at': ['ingest', 'receivedAt', 'received_at'],
        'user_agent': ['ingest', 'userAgent', 'user_agent'],
    }) -%}
{%- endmacro %}

{# The first of the given names that a document holds, as jsonb. JSON's null counts as absent. #}
{% macro json_field(document) -%}
    coalesce(
        {%- for name in varargs %}
        nullif({{ document }} -> '{{ name }}', 'null'::jsonb){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# A value's trimmed text, if it is of these JSON types; blank text counts as absent. #}
{% macro json_text(value, types) -%}
    case
        when jsonb_typeof({{ value }}) in ('{{ (types or ['string', 'number']) | join("', '") }}')
            then nullif(btrim({{ value }} #>> '{}', e' \t\r\n'), '')
    end
{%- endmacro %}

{# Likewise as text, of whatever type it is. #}
{% macro json_field_text(document) -%}
    coalesce({% for name in varargs %}{{ document }} ->> '{{ name }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# A field's trimmed text; a blank, which fits no column, if the field is of none of these JSON types. #}
{% macro text_or_blank(text, field, types) -%}
    {%- set types = types or ['string', 'number'] -%}
    case
        when {{ may_be_of_another_type(text, types) }}
            and jsonb_typeof({{ field }}) not in ('{{ types | join("', '") }}')
            then ' '
        else nullif(btrim({{ text }}, e' \t\r\n'), '')
    end
{%- endmacro %}

{# A first character is quicker to see than a type, and tells all types from one another but for strings. #}
{% macro may_be_of_another_type(text, types) -%}
    {%- set beginnings = {'object': '{', 'array': '[', 'boolean': 'tf', 'number': '-0123456789'} -%}
    {%- set others = [] -%}
    {%- for type, characters in beginnings.items() if type not in types -%}
        {%- do others.extend(characters) -%}
    {%- endfor -%}
    ascii({{ text }}) in ({% for other in others %}ascii('{{ other }}'){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
