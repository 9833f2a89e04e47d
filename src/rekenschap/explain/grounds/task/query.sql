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
    where (
            created_at <= looked_at
            and (
                looked_at <= created_at + $days_open * 86400000000
                or looked_at <= done_at + $days_after * 86400000000
            )
        )
        or (done_at < day_began and looked_at <= done_at + $days_after * 86400000000)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
