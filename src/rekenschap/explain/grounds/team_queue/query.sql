with candidate as (
    select look, 'zaak' as work_relation, zaak_entry as work_entry, abs(looked_at - registered_at) as distance
    from look_zaak
    where zaak_team = team and handler is null and registered_at <= looked_at
        and (closed_at is null or closed_at >= looked_at)
    union all
    select look.look, 'task', task.entry, abs(look.looked_at - task.created_at)
    from look
    inner join task on task.subject = look.subject and task.team = look.team
    where task.staff is null and task.created_at <= look.looked_at
        and (task.done_at is null or task.done_at >= look.looked_at)
    union all
    select look_zaak.look, 'task', task.entry, abs(look_zaak.looked_at - task.created_at)
    from look_zaak
    inner join task on task.zaak = look_zaak.zaak and task.team = look_zaak.team
    where task.staff is null and task.created_at <= look_zaak.looked_at
        and (task.done_at is null or task.done_at >= look_zaak.looked_at)
    union all
    select look_zaak.look, 'assignment', assignment.entry, abs(look_zaak.looked_at - assignment.valid_from)
    from look_zaak
    inner join assignment on assignment.zaak = look_zaak.zaak and assignment.team = look_zaak.team
    where assignment.kind = 'queue' and assignment.valid_from <= look_zaak.looked_at
        and (assignment.valid_until is null or assignment.valid_until > look_zaak.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
