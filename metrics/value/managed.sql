-- Who was managed in each whole year, by tier and district ('' is everybody; subject '' is on any of the kind). Needs on_it.sql and kept.sql. What rests on a table
-- that the partnership does not have is null; so is what was kept where the half year after leaving has not passed.
WITH has AS (
    SELECT (SELECT count(*) > 0 FROM custody_spell) AS custody,
        (SELECT count(*) > 0 FROM circumstance WHERE domain = 'accommodation') AS accommodation,
        (SELECT count(*) > 0 FROM circumstance WHERE domain = 'work_training') AS work
), completed AS (
    SELECT r.subject, g.district, y.period, count(DISTINCT r.person_key) AS completions
    FROM on_it_recorded AS r
    JOIN value_year AS y ON y.subject_kind = r.subject_kind AND r.end_day - 1 >= y.start_day AND r.end_day - 1 <= y.end_day
    CROSS JOIN (SELECT 1 AS everywhere UNION ALL SELECT 0) AS d
    JOIN LATERAL (SELECT CASE WHEN d.everywhere = 1 THEN '' ELSE r.district END AS district) AS g ON true
    WHERE r.completed
    GROUP BY r.subject, g.district, y.period
)
SELECT o.subject_kind, o.subject, o.tier, o.district, o.period, count(*) AS people, CAST(sum(o.days) AS DOUBLE) / 365.25 AS person_years,
    CASE WHEN h.custody THEN CAST(sum(o.days - o.days_in_custody) AS DOUBLE) * 12 / 365.25 END AS months_at_liberty,
    count(*) FILTER (o.started) AS starts,
    CASE WHEN o.subject_kind = 'programme' AND o.subject <> '' THEN coalesce(max(c.completions), 0) END AS completions,
    CASE WHEN h.accommodation AND max(o.year_end) + 183 <= s.cutoff_day THEN count(*) FILTER (k.accommodation) END AS accommodation_kept,
    CASE WHEN h.work AND max(o.year_end) + 183 <= s.cutoff_day THEN count(*) FILTER (k.work) END AS work_kept
FROM on_it_year AS o
CROSS JOIN has AS h CROSS JOIN setting AS s
LEFT JOIN kept AS k ON k.subject_kind = o.subject_kind AND k.subject = o.subject AND k.tier = o.tier AND k.district = o.district
    AND k.period = o.period AND k.person_key = o.person_key
LEFT JOIN completed AS c ON o.subject_kind = 'programme' AND c.subject = o.subject AND c.district = o.district AND c.period = o.period
GROUP BY o.subject_kind, o.subject, o.tier, o.district, o.period, h.custody, h.accommodation, h.work, s.cutoff_day
ORDER BY o.subject_kind, o.subject, o.tier, o.district, o.period
