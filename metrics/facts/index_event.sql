-- One row for each cohort, person and quarter, in the columns of shapes.sql.
WITH kept AS (
    SELECT c.cohort, q.period, c.follow_up_days, c.waiting_days, c.age AS wanted, e.*
    FROM entry AS e
    JOIN chosen_cohort AS c ON c.basis = e.basis
    JOIN chosen_quarter AS q ON q.cohort = c.cohort AND q.quarter_number = e.quarter_number
)
SELECT e.cohort, e.period, n.person_key, DATE '1970-01-01' + e.day AS index_date,
    CASE e.kind WHEN 1 THEN 'release' WHEN 2 THEN 'conviction' WHEN 3 THEN 'caution' ELSE 'named' END AS index_kind,
    m.sex, m.ethnicity, coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group,
    coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, coalesce(e.offence_district, 'not_known') AS offence_district, e.disposal,
    CASE WHEN e.disposal = 'not_known' THEN 'not_known' WHEN e.disposal <> 'custody' THEN 'not_custody'
        WHEN e.sentence_days < 365 THEN 'under_12_months' WHEN e.sentence_days < 1460 THEN '12_months_to_4_years'
        WHEN e.sentence_days >= 1460 THEN '4_years_or_more' ELSE 'not_known' END AS sentence_length,
    m.statutory,
    CASE WHEN w.sanctions_before IS NULL THEN 'not_known'
        WHEN w.sanctions_before + coalesce(p.before, 0) = 0 THEN '0' WHEN w.sanctions_before + coalesce(p.before, 0) <= 2 THEN '1-2'
        WHEN w.sanctions_before + coalesce(p.before, 0) <= 6 THEN '3-6' WHEN w.sanctions_before + coalesce(p.before, 0) <= 10 THEN '7-10'
        ELSE '11+' END AS prior_band,
    m.category, m.tier, m.strand, m.scheme, m.need,
    coalesce(r.reoffences, 0) > 0 AS reoffended, coalesce(r.reoffences, 0) AS reoffences, coalesce(r.occasions, 0) AS reconviction_occasions,
    CAST(r.first_day - e.day AS INTEGER) AS days_to_first, f.days_observed,
    CASE WHEN k.custody THEN coalesce(i.days_in_custody, 0) END AS days_in_custody,
    CASE WHEN k.custody THEN f.days_observed - coalesce(i.days_in_custody, 0) END AS days_at_liberty,
    CASE WHEN k.custody THEN coalesce(r.liberty_offences, 0) END AS liberty_offences
FROM kept AS e
JOIN person_number AS n ON n.person = e.person
JOIN moment_state AS m ON m.person = e.person AND m.day = e.day
JOIN followed AS f ON f.person = e.person AND f.day = e.day AND f.follow_up_days = e.follow_up_days AND f.waiting_days = e.waiting_days
CROSS JOIN (SELECT count(*) > 0 AS custody FROM custody_spell) AS k
LEFT JOIN age AS a ON a.age = coalesce(e.age_at_index, m.age)
LEFT JOIN who AS w ON w.person = e.person
LEFT JOIN entry_prior AS p ON p.basis = e.basis AND p.person = e.person AND p.day = e.day
LEFT JOIN reoffence AS r ON r.person = e.person AND r.day = e.day AND r.follow_up_days = e.follow_up_days AND r.waiting_days = e.waiting_days
LEFT JOIN custody AS i ON i.person = e.person AND i.day = e.day AND i.follow_up_days = e.follow_up_days AND i.waiting_days = e.waiting_days
WHERE e.wanted = 'any' OR a.age_group = e.wanted
