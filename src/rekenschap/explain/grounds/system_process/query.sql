with candidate as (
    select
        look.look, 'staff' as work_relation, staff.entry as work_entry,
        abs(look.looked_at - staff.valid_from) as distance
    from look
    inner join staff on staff.staff = look.staff
    where staff.employment = 'system' and staff.valid_from <= look.looked_at
        and (staff.valid_until is null or staff.valid_until > look.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
