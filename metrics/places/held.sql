-- One row a person and day: whether they hold a place, where, in which tier, how many charges the year before brought,
-- whether they were in custody that night, and what was proven of the year that followed. The person's key is not a column.
WITH followed AS (
    SELECT m.person_key, m.day, CAST(count(*) AS INTEGER) AS reoffences
    FROM moment AS m JOIN proof AS p ON p.person_key = m.person_key AND p.offence_day > m.day AND p.offence_day <= m.day + $follow_up
        AND p.proven_day <= m.day + $follow_up + $waiting
    GROUP BY m.person_key, m.day
), inside AS (
    SELECT DISTINCT m.person_key, m.day
    FROM moment AS m JOIN stay AS t ON t.person_key = m.person_key AND t.start_day <= m.day AND m.day < t.end_day
)
SELECT CAST(dense_rank() OVER (ORDER BY m.person_key) AS BIGINT) AS cluster, m.day, m.charges,
    coalesce(list_contains(h.scheme, 'iom'), false) AS held, i.person_key IS NOT NULL AS inside,
    CAST(CASE WHEN list_contains(h.scheme, 'iom') THEN s.managing_district ELSE s.home_district END AS VARCHAR) AS district,
    CAST(s.tier AS VARCHAR) AS tier, coalesce(f.reoffences, 0) AS reoffences
FROM moment AS m
JOIN moment_state AS s ON s.person_key = m.person_key AND s.day = m.day
LEFT JOIN moment_scheme AS h ON h.person_key = m.person_key AND h.day = m.day
LEFT JOIN followed AS f ON f.person_key = m.person_key AND f.day = m.day
LEFT JOIN inside AS i ON i.person_key = m.person_key AND i.day = m.day
WHERE s.age >= 18
ORDER BY m.day, cluster
