SELECT
    consultation.entry, consultation.staff, consultation.subject, consultation.zaak, consultation.looked_at,
    consultation.happened_day, consultation.happened_minute, consultation.register, consultation.search_key
FROM consultation
SEMI JOIN left_over ON left_over.look = consultation.entry
