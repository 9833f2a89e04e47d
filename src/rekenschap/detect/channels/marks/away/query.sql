-- Days with looks under the account of somebody who was on leave.
SELECT look.look, look.staff AS owner, look.staff AS unit
FROM look
SEMI JOIN presence
    ON presence.staff = look.staff
    AND presence.kind = 'leave'
    AND presence.started_at <= look.looked_at
    AND presence.ended_at > look.looked_at
WHERE coalesce(look.employment, 'employee') NOT IN ('shared', 'system')
