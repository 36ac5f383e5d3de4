-- One row for each referral made in the quarter, in the columns of shapes.sql. A wait ends at the start; one that ended
-- without a start, or that the cut-off finds unfinished, is counted up to then and is not over (started is false).
-- Provider and sector are the directory's of the programme; the first by alphabet where its districts have different ones.
SELECT 'referrals' AS cohort, r.period, r.person_key, r.pathway, r.programme, coalesce(p.provider, 'not_known') AS provider, coalesce(p.sector, 'not_known') AS sector, m.sex, m.ethnicity,
    coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group, coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, m.statutory, m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme,
    DATE '1970-01-01' + r.day AS referred_on,
    CAST(greatest(0, coalesce(r.started_day, r.ended_day, s.cutoff_day) - r.day) AS INTEGER) AS waited_days,
    r.started_day IS NOT NULL AS started,
    r.started_day IS NOT NULL AND r.ended_day IS NOT NULL AND r.outcome IS NOT NULL AND r.outcome = 'completed' AS completed
FROM referral_entry AS r
LEFT JOIN (SELECT programme, min(provider) AS provider, min(sector) AS sector FROM programme GROUP BY programme) AS p ON p.programme = r.programme
JOIN moment_state AS m ON m.person_key = r.person_key AND m.day = r.day
LEFT JOIN moment_scheme AS h ON h.person_key = r.person_key AND h.day = r.day
CROSS JOIN setting AS s
LEFT JOIN age AS a ON a.age = m.age
