-- How many looked at each subject, and how many of them on some day without a reason.
SELECT
    subject,
    count(*) AS lookers,
    sum(CASE WHEN days_unexplained > 0 AND nobody = 0 THEN 1 ELSE 0 END) AS unexplained_lookers
FROM leak_pair
GROUP BY subject
