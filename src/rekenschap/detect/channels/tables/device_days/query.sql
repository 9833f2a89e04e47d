-- Which accounts looked from a device on a day, and with any reason; those of nobody in particular are left out.
SELECT
    consultation.device,
    look.staff,
    look.happened_day,
    min(CASE WHEN verdict.explained THEN 0 ELSE 1 END) AS unexplained
FROM look
INNER JOIN consultation ON consultation.entry = look.look
INNER JOIN verdict ON verdict.look = look.look
WHERE consultation.device IS NOT NULL AND coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
GROUP BY consultation.device, look.staff, look.happened_day
