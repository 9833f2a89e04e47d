-- Looks without a reason that were found by name, address or number plate.
SELECT look, staff AS owner, subject AS unit
FROM unexplained_look
WHERE by_other_key = 1
