-- The first day on which each entry rule's records hold anything: its quarters begin there.
-- Courts are dated by proof: one old offence proven lately does not make the record older.
SELECT 'area' AS basis, min(o.proven_date) AS first_day FROM offence AS o WHERE o.outcome IN ('convicted', 'cautioned')
UNION ALL
SELECT 'scheme', greatest(max(o.first_day), max(e.first_day))
FROM (SELECT min(proven_date) AS first_day FROM offence WHERE outcome IN ('convicted', 'cautioned')) AS o
CROSS JOIN (SELECT min(start_date) AS first_day FROM scheme_episode) AS e
WHERE o.first_day IS NOT NULL AND e.first_day IS NOT NULL
UNION ALL
SELECT cohort, min(index_date) FROM cohort_member GROUP BY cohort
UNION ALL
SELECT 'caseload', min(start_date) FROM scheme_episode
UNION ALL
SELECT 'referral', min(referred_on) FROM intervention_spell
UNION ALL
SELECT 'prison_release', greatest(max(c.first_day), max(e.first_day))
FROM (SELECT min(end_date) AS first_day FROM custody_spell) AS c
CROSS JOIN (SELECT min(start_date) AS first_day FROM scheme_episode) AS e
WHERE c.first_day IS NOT NULL AND e.first_day IS NOT NULL
