with candidate as (
    select
        look.look, 'relation' as work_relation, relation.entry as work_entry,
        abs(look.looked_at - relation.valid_from) as distance
    from look
    inner join relation on relation.subject = look.subject and relation.staff = look.staff
    where relation.kind = 'self' and relation.valid_from <= look.looked_at
        and (relation.valid_until is null or relation.valid_until > look.looked_at)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
