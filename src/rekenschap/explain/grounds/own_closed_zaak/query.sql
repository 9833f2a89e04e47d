with candidate as (
    select
        look, 'zaak' as work_relation, zaak_entry as work_entry, looked_at - closed_at as distance
    from look_zaak
    where handler = staff and looked_at > closed_at + $days * 86400000000
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
