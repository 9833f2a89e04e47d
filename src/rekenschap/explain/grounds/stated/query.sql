with said as (
    select
        look.look, act.entry, act.acted_at,
        row_number() over (partition by look.look order by act.acted_at desc, act.entry desc) as latest
    from look
    inner join act on act.look = look.look and act.staff = look.staff
    where act.verb = 'stated' and act.source = $source and act.acted_at >= look.looked_at
),

-- what others said of the answer since it was given: the last word counts
weighed as (
    select
        said.look, act.verb,
        row_number() over (partition by said.look order by act.acted_at desc, act.entry desc) as latest
    from said
    inner join look on look.look = said.look
    inner join act on act.look = said.look and act.staff <> look.staff and act.acted_at >= said.acted_at
    where said.latest = 1 and act.verb in ('confirmed', 'not_known') and act.source = $source
)

select said.look, 'act' as work_relation, said.entry as work_entry
from said
left join weighed on weighed.look = said.look and weighed.latest = 1
where said.latest = 1 and (weighed.verb is null or weighed.verb = 'confirmed')
