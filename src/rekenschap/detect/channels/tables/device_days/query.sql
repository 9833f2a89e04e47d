-- Which accounts looked from a device on a day; those of nobody in particular are left out.
SELECT DISTINCT consultation.device, look.staff, look.happened_day
FROM look
INNER JOIN consultation ON consultation.entry = look.look
WHERE consultation.device IS NOT NULL AND coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
