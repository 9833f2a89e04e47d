-- what others said of the cause of a look since it happened: the last word counts
with said as (
    select
        look.look, act.entry, act.verb,
        row_number() over (partition by look.look order by act.acted_at desc, act.entry desc) as latest
    from look
    inner join act on act.look = look.look and act.staff <> look.staff and act.acted_at >= look.looked_at
    where act.verb in ('settled', 'unsettled') and act.source = $source
)

select look, 'act' as work_relation, entry as work_entry
from said
where latest = 1 and verb = 'settled'
