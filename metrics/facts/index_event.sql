-- One row for each cohort, person and quarter, in the columns of shapes.sql.
WITH kept AS (
    SELECT c.cohort, q.period, c.span, c.age AS wanted, c.follow_up_days, e.*
    FROM entry AS e
    JOIN chosen_cohort AS c ON c.basis = e.basis
    JOIN chosen_quarter AS q ON q.cohort = c.cohort AND q.quarter_number = e.quarter_number
), told AS (
    SELECT e.*, w.sanctions_before + coalesce(e.before, p.before, 0) AS prior
    FROM kept AS e
    LEFT JOIN who AS w ON w.person_key = e.person_key
    LEFT JOIN entry_prior AS p ON p.basis = e.basis AND p.person_key = e.person_key AND p.day = e.day
)
SELECT e.cohort, e.period, e.person_key, DATE '1970-01-01' + e.day AS index_date,
    CASE e.kind WHEN 1 THEN 'release'::word WHEN 2 THEN 'conviction'::word WHEN 3 THEN 'caution'::word ELSE 'named'::word END AS index_kind,
    m.sex, m.ethnicity, coalesce(a.age_band, 'not_known'::word) AS age_band, coalesce(a.age_group, 'not_known'::word) AS age_group,
    coalesce(a.young_adult, 'not_known'::word) AS young_adult,
    m.home_district, m.managing_district, coalesce(e.offence_district, 'not_known'::word) AS offence_district, e.disposal,
    CASE WHEN e.disposal = 'not_known' THEN 'not_known'::word WHEN e.disposal <> 'custody' THEN 'not_custody'::word
        WHEN e.sentence_days < 365 THEN 'under_12_months'::word WHEN e.sentence_days < 1460 THEN '12_months_to_4_years'::word
        WHEN e.sentence_days >= 1460 THEN '4_years_or_more'::word ELSE 'not_known'::word END AS sentence_length,
    m.statutory,
    CASE WHEN e.prior IS NULL THEN 'not_known'::word WHEN e.prior = 0 THEN '0'::word WHEN e.prior <= 2 THEN '1-2'::word WHEN e.prior <= 6 THEN '3-6'::word
        WHEN e.prior <= 10 THEN '7-10'::word ELSE '11+'::word END AS prior_band,
    m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme, coalesce(d.need, CAST([] AS VARCHAR[])) AS need,
    r.reoffences IS NOT NULL AS reoffended, CAST(coalesce(r.reoffences, 0) AS BIGINT) AS reoffences,
    CAST(coalesce(r.occasions, 0) AS BIGINT) AS reconviction_occasions,
    CASE WHEN t.coded THEN CAST(coalesce(r.acquisitive, 0) AS BIGINT) END AS acquisitive_reoffences,
    CASE WHEN t.coded THEN CAST(coalesce(r.severity, 0) AS DOUBLE) / 100 END AS severity,
    CAST(r.first_day - e.day AS INTEGER) AS days_to_first, CAST(f.days_observed AS INTEGER) AS days_observed,
    CASE WHEN k.custody THEN CAST(coalesce(i.days_in_custody, 0) AS INTEGER) END AS days_in_custody,
    CASE WHEN k.custody THEN CAST(f.days_observed - coalesce(i.days_in_custody, 0) AS INTEGER) END AS days_at_liberty,
    CASE WHEN k.custody THEN CAST(coalesce(r.liberty_offences, 0) AS BIGINT) END AS liberty_offences,
    coalesce(y.ogrs_category, 'not_known'::word) AS ogrs_category, coalesce(y.ogrs_band, 'not_scorable'::word) AS ogrs_band,
    CASE WHEN e.follow_up_days <= 365 THEN y.ogrs3_1y ELSE y.ogrs3_2y END AS ogrs3
FROM told AS e
JOIN moment_state AS m ON m.person_key = e.person_key AND m.day = e.day
JOIN followed AS f ON f.person_key = e.person_key AND f.day = e.day AND f.span = e.span
CROSS JOIN (SELECT count(*) > 0 AS custody FROM custody_spell) AS k
CROSS JOIN (SELECT count(*) > 0 AS coded FROM offence_kind WHERE told) AS t
LEFT JOIN age AS a ON a.age = coalesce(e.age_at_index, m.age)
LEFT JOIN moment_scheme AS h ON h.person_key = e.person_key AND h.day = e.day
LEFT JOIN moment_need AS d ON d.person_key = e.person_key AND d.day = e.day
LEFT JOIN moment_history AS y ON y.person_key = e.person_key AND y.day = e.day
LEFT JOIN reoffence AS r ON r.person_key = e.person_key AND r.day = e.day AND r.span = e.span
LEFT JOIN custody AS i ON i.person_key = e.person_key AND i.day = e.day AND i.span = e.span
WHERE e.wanted = 'any' OR a.age_group = e.wanted
