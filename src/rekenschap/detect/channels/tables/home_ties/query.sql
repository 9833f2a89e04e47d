-- Who lives with whom: pairs that belong to one household or one address.
SELECT DISTINCT subject, other_subject
FROM relation
WHERE kind IN ('household', 'address') AND other_subject IS NOT NULL
