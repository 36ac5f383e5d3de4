-- One row for each person and quarter on a scheme, in the columns of shapes.sql, as on their last day on it in that quarter.
WITH consent AS (
    SELECT c.person_key, c.period, t.value,
        row_number() OVER (PARTITION BY c.person_key, c.period ORDER BY CASE WHEN t.scheme = 'iom' THEN 0 ELSE 1 END, t.from_date DESC, t.value) AS place
    FROM caseload_entry AS c
    JOIN scheme_state AS t ON t.person_key = c.person_key AND t.kind = 'consent' AND t.from_date <= DATE '1970-01-01' + c.last_day
        AND (t.to_date IS NULL OR t.to_date > DATE '1970-01-01' + c.last_day)
), review AS (
    -- The day by which the next review is due, as last set in this stint: a review that was held has set a later one.
    SELECT c.person_key, c.period, t.review_due,
        row_number() OVER (PARTITION BY c.person_key, c.period ORDER BY t.from_date DESC, t.review_due DESC) AS place
    FROM caseload_entry AS c
    JOIN scheme_state AS t ON t.person_key = c.person_key AND t.review_due IS NOT NULL
        AND t.from_date <= DATE '1970-01-01' + c.last_day AND t.from_date >= DATE '1970-01-01' + c.joined_day
), rated AS (
    SELECT c.person_key, c.period, r.overall,
        row_number() OVER (PARTITION BY c.person_key, c.period ORDER BY r.rated_on DESC, CASE r.overall WHEN 'red' THEN 0 WHEN 'amber' THEN 1 ELSE 2 END) AS place
    FROM caseload_entry AS c
    JOIN rag_rating AS r ON r.person_key = c.person_key AND r.rated_on <= DATE '1970-01-01' + c.last_day
        AND r.rated_on > DATE '1970-01-01' + (c.last_day - 183) AND r.rated_on >= DATE '1970-01-01' + c.joined_day
), charged AS (
    -- Charged, cautioned or proven by the cut-off, breaches left out.
    SELECT c.person_key, c.period, max(CAST(o.offence_date - DATE '1970-01-01' AS INTEGER)) AS latest
    FROM caseload_entry AS c
    JOIN offence AS o ON o.person_key = c.person_key AND o.offence_date <= DATE '1970-01-01' + c.last_day
        AND o.offence_date > DATE '1970-01-01' + (c.last_day - 365)
    CROSS JOIN setting AS s
    WHERE o.recordable AND NOT o.breach AND o.outcome IN ('convicted', 'cautioned', 'pending')
        AND coalesce(o.arrest_date, o.first_hearing_date, o.proven_date) <= s.cutoff
    GROUP BY c.person_key, c.period
), held AS (
    -- The last midnight in custody of the year up to the day.
    SELECT c.person_key, c.period, max(least(t.end_day - 1, c.last_day)) AS latest
    FROM caseload_entry AS c
    JOIN stay AS t ON t.person_key = c.person_key AND t.start_day <= c.last_day AND t.end_day - 1 > c.last_day - 365 AND t.end_day > t.start_day
    GROUP BY c.person_key, c.period
), begun AS (
    -- From when the silence of both kinds of record says something; null where one of them was never loaded.
    SELECT CASE WHEN k.day IS NOT NULL AND o.day IS NOT NULL THEN greatest(k.day, o.day) END AS both_known
    FROM (SELECT min(CAST(start_date - DATE '1970-01-01' AS INTEGER)) AS day FROM custody_spell) AS k
    CROSS JOIN (SELECT min(CAST(proven_date - DATE '1970-01-01' AS INTEGER)) AS day FROM offence) AS o
)
SELECT 'caseload' AS cohort, c.period, c.person_key, m.sex, m.ethnicity,
    coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group, coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, m.statutory, m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme, coalesce(d.need, CAST([] AS VARCHAR[])) AS need,
    coalesce(g.value, 'none') AS consent, coalesce(r.overall, 'none') AS rating,
    c.on_at_end, CASE WHEN c.last_of_quarter >= k.first_day THEN i.person_key IS NOT NULL END AS in_custody_at_end,
    c.days_on_scheme, CAST(c.last_day - c.joined_day + 1 AS INTEGER) AS days_since_joining,
    c.joined, c.has_left AS "left", c.has_left AND c.exit_reason = 'desisted' AS left_desisted, c.exit_reason,
    CASE WHEN m.tier <> 'none' THEN CAST(m.tier AS VARCHAR) = z.tier END AS top_tier,
    CASE WHEN m.tier <> 'none' AND f.tier <> 'none' THEN CAST(m.tier AS VARCHAR) > CAST(f.tier AS VARCHAR) END AS stepped_down,
    CASE WHEN m.tier <> 'none' AND f.tier <> 'none' THEN CAST(m.tier AS VARCHAR) < CAST(f.tier AS VARCHAR) END AS stepped_up,
    v.review_due < DATE '1970-01-01' + c.last_day AS review_overdue,
    CASE WHEN c.last_day - 182 >= b.both_known
        THEN coalesce(o.latest, 0) <= c.last_day - 182 AND coalesce(l.latest, 0) <= c.last_day - 182 END AS free_six_months,
    CASE WHEN c.last_day - 365 >= b.both_known THEN o.latest IS NULL AND l.latest IS NULL END AS free_twelve_months
FROM caseload_entry AS c
JOIN moment_state AS m ON m.person_key = c.person_key AND m.day = c.last_day
JOIN moment_state AS f ON f.person_key = c.person_key AND f.day = c.first_day
-- Tier codes run from the most intensive to the least in the order of their names.
CROSS JOIN (SELECT min(value) AS tier FROM scheme_state WHERE kind = 'tier') AS z
LEFT JOIN moment_scheme AS h ON h.person_key = c.person_key AND h.day = c.last_day
LEFT JOIN moment_need AS d ON d.person_key = c.person_key AND d.day = c.last_day
CROSS JOIN begun AS b
CROSS JOIN (SELECT min(date_diff('day', DATE '1970-01-01', start_date)) AS first_day FROM custody_spell) AS k
LEFT JOIN age AS a ON a.age = m.age
LEFT JOIN consent AS g ON g.person_key = c.person_key AND g.period = c.period AND g.place = 1
LEFT JOIN review AS v ON v.person_key = c.person_key AND v.period = c.period AND v.place = 1
LEFT JOIN rated AS r ON r.person_key = c.person_key AND r.period = c.period AND r.place = 1
LEFT JOIN charged AS o ON o.person_key = c.person_key AND o.period = c.period
LEFT JOIN held AS l ON l.person_key = c.person_key AND l.period = c.period
LEFT JOIN (
    SELECT e.person_key, e.period FROM caseload_entry AS e
    JOIN stay AS t ON t.person_key = e.person_key AND t.start_day <= e.last_of_quarter AND e.last_of_quarter < t.end_day
    GROUP BY e.person_key, e.period
) AS i ON i.person_key = c.person_key AND i.period = c.period
