-- Looks of which every reason began with the look or after it, and is in the looker's own name.
WITH began AS (
    SELECT explanation.look, zaak.registered_at AS began, zaak.handler AS staff
    FROM explanation
    INNER JOIN zaak ON zaak.entry = explanation.work_entry
    WHERE explanation.work_relation = 'zaak' AND explanation.weight = 'full'
    UNION ALL
    SELECT explanation.look, coalesce(task.created_at, task.done_at) AS began, task.staff
    FROM explanation
    INNER JOIN task ON task.entry = explanation.work_entry
    WHERE explanation.work_relation = 'task' AND explanation.weight = 'full'
    UNION ALL
    SELECT explanation.look, assignment.valid_from AS began, coalesce(assignment.assigned_by, assignment.staff) AS staff
    FROM explanation
    INNER JOIN assignment ON assignment.entry = explanation.work_entry
    WHERE explanation.work_relation = 'assignment' AND explanation.weight = 'full'
    UNION ALL
    SELECT explanation.look, contact.started_at AS began, contact.staff
    FROM explanation
    INNER JOIN contact ON contact.entry = explanation.work_entry
    WHERE explanation.work_relation = 'contact' AND explanation.weight = 'full'
),
reasons AS (
    SELECT
        look.look, look.staff, look.subject,
        max(CASE WHEN began.began < look.looked_at - $minutes * 60000000 THEN 1 ELSE 0 END) AS earlier,
        max(CASE WHEN began.staff = look.staff THEN 0 ELSE 1 END) AS of_others
    FROM began
    INNER JOIN look ON look.look = began.look
    WHERE coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
    GROUP BY look.look, look.staff, look.subject
)
SELECT look, staff AS owner, subject AS unit
FROM reasons
WHERE earlier = 0 AND of_others = 0
