with candidate as (
    select look, 'zaak' as work_relation, zaak_entry as work_entry, abs(looked_at - registered_at) as distance
    from look_zaak
    where handler = staff
        and looked_at >= registered_at - $days_before * 86400000000
        and (closed_at is null or looked_at <= closed_at + $days_after * 86400000000)
)

select look, work_relation, work_entry
from candidate
qualify row_number() over (partition by look order by distance, work_entry) = 1
