-- Who of the list shares a home or a family with whom: they are looked at together, so they count as one.
SELECT relation.subject, relation.other_subject
FROM relation
INNER JOIN leak_asked ON leak_asked.subject = relation.subject
WHERE relation.kind IN ('household', 'family', 'address') AND relation.other_subject IS NOT NULL
UNION ALL
SELECT relation.other_subject AS subject, relation.subject AS other_subject
FROM relation
INNER JOIN leak_asked ON leak_asked.subject = relation.other_subject
WHERE relation.kind IN ('household', 'family', 'address')
