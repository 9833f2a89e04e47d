-- Data of several people mailed or uploaded to an address outside, or to an own address.
SELECT entry, staff, disclosed_at AS happened_at, entry AS known_from
FROM disclosure
WHERE kind IN ('mail', 'upload')
    AND destination_kind IN ('own', 'external', 'abroad')
    AND subjects >= $people
