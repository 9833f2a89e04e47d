-- The joins of our grounds, written as one would write them first. $relation is filled in for each peer.
SELECT count(*)
FROM consultation AS look
WHERE NOT EXISTS (
    SELECT 1 FROM zaak
    WHERE zaak.subject = look.subject AND zaak.handler = look.staff
        AND look.looked_at >= zaak.registered_at - {handler_before}
        AND (zaak.closed_at IS NULL OR look.looked_at <= zaak.closed_at + {handler_after})
)
AND NOT EXISTS (
    SELECT 1 FROM zaak INNER JOIN assignment ON assignment.zaak = zaak.zaak
    WHERE zaak.subject = look.subject AND assignment.staff = look.staff
        AND assignment.kind IN ('handler', 'intake', 'cover', 'oversight')
        AND assignment.valid_from <= look.looked_at + {assigned_before}
        AND (assignment.valid_until IS NULL OR assignment.valid_until > look.looked_at - {assigned_after})
)
AND NOT EXISTS (
    SELECT 1 FROM task
    WHERE task.subject = look.subject AND task.staff = look.staff
        AND task.created_at <= look.looked_at
        AND (look.looked_at <= task.created_at + {task_open} OR look.looked_at <= task.done_at + {task_after})
)
AND NOT EXISTS (
    SELECT 1 FROM contact
    WHERE contact.subject = look.subject AND contact.staff = look.staff AND contact.kind IN ('call', 'counter')
        AND look.looked_at >= contact.started_at - {call_before}
        AND look.looked_at <= contact.ended_at + {call_after}
)
