-- Every look under an account of a system, with what it had in common with the run.
SELECT
    look.look,
    look.staff,
    look.subject,
    look.happened_day,
    look.happened_minute,
    coalesce(look.register, '') AS register,
    coalesce(look.search_key, '') AS search_key,
    coalesce(consultation.device, 0) AS device
FROM look
INNER JOIN consultation ON consultation.entry = look.look
WHERE look.employment = 'system'
