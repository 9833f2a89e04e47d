with for_this_person as (
    select look.look, look.looked_at, look.day_began, task.entry, task.created_at, task.done_at
    from look
    inner join task on task.subject = look.subject and task.staff = look.staff
    union all
    select look_zaak.look, look_zaak.looked_at, look_zaak.day_began, task.entry, task.created_at, task.done_at
    from look_zaak
    inner join task on task.zaak = look_zaak.zaak and task.staff = look_zaak.staff
),

candidate as (
    select
        look, 'task' as work_relation, entry as work_entry,
        abs(looked_at - coalesce(created_at, done_at)) as distance
    from for_this_person
    where created_at > looked_at and created_at <= looked_at + $hours_after * 3600000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
