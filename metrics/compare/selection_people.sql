-- One row for each decision whose follow-up is complete: how far from the threshold, what was joined, what was known of the
-- person on the day, what followed. Needs selection_entry.sql, state.sql and outcome.sql. The person's key is not a column.
SELECT d.version, CAST(dense_rank() OVER (ORDER BY d.person_key) AS BIGINT) AS cluster, d.day, d.distance, d.district,
    coalesce(j.joined, CAST([] AS VARCHAR[])) AS joined, coalesce(j.already, CAST([] AS VARCHAR[])) AS already,
    m.age, CASE m.sex WHEN 'female' THEN 1 WHEN 'male' THEN 0 END AS female,
    CASE m.statutory WHEN 'statutory' THEN 1 WHEN 'not_statutory' THEN 0 END AS statutory,
    CAST(w.sanctions_before + coalesce(p.before, 0) AS INTEGER) AS previous_sanctions,
    r.reoffences IS NOT NULL AS reoffended, CAST(coalesce(r.reoffences, 0) AS BIGINT) AS reoffences,
    r.reoffences IS NOT NULL AS event, CAST(coalesce(r.first_day - d.day, f.days_observed) AS INTEGER) AS days_observed,
    CASE WHEN k.custody THEN CAST(f.days_observed - coalesce(i.days_in_custody, 0) AS INTEGER) END AS days_at_liberty,
    CASE WHEN k.custody THEN CAST(coalesce(r.liberty_offences, 0) AS BIGINT) END AS liberty_offences
FROM decision AS d
JOIN moment_state AS m ON m.person_key = d.person_key AND m.day = d.day
JOIN followed AS f ON f.person_key = d.person_key AND f.day = d.day
CROSS JOIN setting AS s
CROSS JOIN (SELECT count(*) > 0 AS custody FROM custody_spell) AS k
LEFT JOIN decision_joined AS j ON j.version = d.version AND j.person_key = d.person_key
LEFT JOIN who AS w ON w.person_key = d.person_key
LEFT JOIN entry_prior AS p ON p.basis = 'selection' AND p.person_key = d.person_key AND p.day = d.day
LEFT JOIN reoffence AS r ON r.person_key = d.person_key AND r.day = d.day
LEFT JOIN custody AS i ON i.person_key = d.person_key AND i.day = d.day
WHERE f.proven_by <= s.cutoff_day
ORDER BY d.day, d.distance, cluster, d.version
