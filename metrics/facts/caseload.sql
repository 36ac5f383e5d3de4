-- One row for each person and quarter on a scheme, in the columns of shapes.sql.
SELECT 'caseload' AS cohort, c.period, c.person_key, m.sex, m.ethnicity,
    coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group, coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, m.statutory, m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme, coalesce(d.need, CAST([] AS VARCHAR[])) AS need,
    c.on_at_end, CASE WHEN c.last_of_quarter >= k.first_day THEN i.person_key IS NOT NULL END AS in_custody_at_end,
    c.days_on_scheme, c.joined, c.has_left AS "left", c.has_left AND c.exit_reason = 'desisted' AS left_desisted, c.exit_reason
FROM caseload_entry AS c
JOIN moment_state AS m ON m.person_key = c.person_key AND m.day = c.last_day
LEFT JOIN moment_scheme AS h ON h.person_key = c.person_key AND h.day = c.last_day
LEFT JOIN moment_need AS d ON d.person_key = c.person_key AND d.day = c.last_day
CROSS JOIN (SELECT min(date_diff('day', DATE '1970-01-01', start_date)) AS first_day FROM custody_spell) AS k
LEFT JOIN age AS a ON a.age = m.age
LEFT JOIN (
    SELECT e.person_key, e.period FROM caseload_entry AS e
    JOIN stay AS t ON t.person_key = e.person_key AND t.start_day <= e.last_of_quarter AND e.last_of_quarter < t.end_day
    GROUP BY e.person_key, e.period
) AS i ON i.person_key = c.person_key AND i.period = c.period
