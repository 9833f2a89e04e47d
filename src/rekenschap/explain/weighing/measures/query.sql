-- Work of the looker himself on the day of the look is left out: often the look was read from that very work.
with work as (
    select look.look, task.staff = look.staff as own, task.created_at as worked_at, look.looked_at, look.day_began
    from look inner join task on task.subject = look.subject
    union all
    select look.look, task.staff = look.staff, task.done_at, look.looked_at, look.day_began
    from look inner join task on task.subject = look.subject
    union all
    select
        look_zaak.look, task.staff = look_zaak.staff, coalesce(task.done_at, task.created_at),
        look_zaak.looked_at, look_zaak.day_began
    from look_zaak inner join task on task.zaak = look_zaak.zaak
    where task.subject is null
    union all
    select look.look, contact.staff = look.staff, contact.started_at, look.looked_at, look.day_began
    from look inner join contact on contact.subject = look.subject
    union all
    select
        look_zaak.look, contact.staff = look_zaak.staff, contact.started_at,
        look_zaak.looked_at, look_zaak.day_began
    from look_zaak inner join contact on contact.zaak = look_zaak.zaak
    where contact.subject is null
),

days as (
    select
        look, own, worked_at // 86400000000 as worked_on,
        min(case when worked_at < day_began or not own and worked_at <= looked_at then looked_at - worked_at end) as ago,
        min(
            case when worked_at >= day_began + 86400000000 or not own and worked_at > looked_at then worked_at - looked_at end
        ) as later
    from work
    where own is not null and worked_at is not null
    group by look, own, worked_at // 86400000000
),

found as (
    select
        look,
        min(ago) filter (where own) as own_before, min(later) filter (where own) as own_after,
        count(ago) filter (where own) as own_days,
        min(ago) filter (where not own) as others_before, min(later) filter (where not own) as others_after,
        count(*) filter (where not own) as others_days
    from days
    group by look
),

zaken as (
    select look, min(greatest(registered_at - looked_at, looked_at - coalesce(closed_at, looked_at), 0)) as zaak_apart
    from look_zaak
    group by look
)

select
    look.look, found.own_before, found.own_after, found.own_days,
    found.others_before, found.others_after, found.others_days, zaken.zaak_apart
from look
left join found on found.look = look.look
left join zaken on zaken.look = look.look
where found.look is not null or zaken.look is not null
