with away as (
    select presence.staff, staff.team, presence.started_at, presence.ended_at
    from presence
    inner join staff
        on staff.staff = presence.staff
        and staff.valid_from <= presence.started_at
        and (staff.valid_until is null or staff.valid_until > presence.started_at)
    where presence.kind = 'leave'
),

candidate as (
    select
        look_zaak.look, 'assignment' as work_relation, assignment.entry as work_entry,
        abs(look_zaak.looked_at - assignment.valid_from) as distance
    from look_zaak
    inner join assignment
        on assignment.zaak = look_zaak.zaak
        and assignment.valid_from <= look_zaak.looked_at
        and (assignment.valid_until is null or assignment.valid_until > look_zaak.looked_at)
    inner join away
        on away.staff = assignment.staff
        and away.team = look_zaak.team
        and away.started_at <= look_zaak.looked_at
        and away.ended_at > look_zaak.looked_at
    where assignment.kind = 'handler' and assignment.staff <> look_zaak.staff
        and (look_zaak.closed_at is null or look_zaak.closed_at > look_zaak.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
