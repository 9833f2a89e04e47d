-- Anti joins one after another: ClickHouse has no correlated subquery for these.
WITH look AS (SELECT entry, staff, subject, looked_at FROM file('{folder}/consultation/*.parquet')),
zaak AS (SELECT zaak, subject, handler, registered_at, closed_at FROM file('{folder}/zaak/*.parquet')),
assignment AS (
    SELECT zaak, staff, valid_from, valid_until FROM file('{folder}/assignment/*.parquet')
    WHERE kind IN ('handler', 'intake', 'cover', 'oversight')
),
assigned AS (SELECT z.subject AS subject, a.staff AS staff, a.valid_from AS valid_from, a.valid_until AS valid_until
    FROM zaak AS z INNER JOIN assignment AS a ON a.zaak = z.zaak),
task AS (SELECT subject, staff, created_at, done_at FROM file('{folder}/task/*.parquet')),
contact AS (SELECT subject, staff, started_at, ended_at FROM file('{folder}/contact/*.parquet')
    WHERE kind IN ('call', 'counter')),
first AS (SELECT look.* FROM look LEFT ANTI JOIN zaak ON zaak.subject = look.subject AND zaak.handler = look.staff
    AND look.looked_at >= zaak.registered_at - {handler_before}
    AND look.looked_at <= coalesce(zaak.closed_at, 9000000000000000) + {handler_after}),
second AS (SELECT first.* FROM first LEFT ANTI JOIN assigned
    ON assigned.subject = first.subject AND assigned.staff = first.staff
    AND assigned.valid_from <= first.looked_at + {assigned_before}
    AND coalesce(assigned.valid_until, 9000000000000000) > first.looked_at - {assigned_after}),
third AS (SELECT second.* FROM second LEFT ANTI JOIN task
    ON task.subject = second.subject AND task.staff = second.staff AND task.created_at <= second.looked_at
    AND greatest(task.created_at + {task_open}, task.done_at + {task_after}) >= second.looked_at)
SELECT count() FROM third LEFT ANTI JOIN contact
    ON contact.subject = third.subject AND contact.staff = third.staff
    AND third.looked_at >= contact.started_at - {call_before}
    AND third.looked_at <= contact.ended_at + {call_after}
