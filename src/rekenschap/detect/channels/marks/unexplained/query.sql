-- Every look of a visit without a reason.
SELECT look, staff AS owner, subject AS unit
FROM unexplained_look
