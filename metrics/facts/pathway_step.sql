-- One row for each person on the caseload, quarter and pathway. Need is as on the person's last day on a scheme in the
-- quarter; the steps are those of referrals live at some time in the 12 months to the quarter's end: made in them, or
-- begun and not ended before them. Each step implies the one before it. A quarter that ended before the first assessment
-- or referral on record, or a partnership that has none, is not known: never "no need" or "not referred".
-- `found` is a need that any assessment of the 12 months found, whatever a later one says: somebody whose need was met
-- counts among those who had it. `gained` is whether a completed programme met its goal, not known where nobody said.
-- Somebody who has not started may be `waiting` still, and one who has not completed may be on a programme (`ongoing`).
WITH live AS (
    SELECT e.person_key, e.period, i.pathway,
        bool_or(i.started_on <= DATE '1970-01-01' + e.last_of_quarter) AS started,
        bool_or(i.started_on IS NOT NULL AND i.outcome = 'completed' AND i.ended_on <= DATE '1970-01-01' + e.last_of_quarter) AS completed,
        bool_or(i.goal_met) FILTER (WHERE i.started_on IS NOT NULL AND i.outcome = 'completed' AND i.ended_on <= DATE '1970-01-01' + e.last_of_quarter) AS gained,
        bool_or(i.started_on <= DATE '1970-01-01' + e.last_of_quarter AND (i.ended_on IS NULL OR i.ended_on > DATE '1970-01-01' + e.last_of_quarter)) AS ongoing,
        bool_or((i.started_on IS NULL OR i.started_on > DATE '1970-01-01' + e.last_of_quarter)
            AND (i.ended_on IS NULL OR i.ended_on > DATE '1970-01-01' + e.last_of_quarter)) AS waiting
    FROM caseload_entry AS e
    JOIN intervention_spell AS i ON i.person_key = e.person_key
    WHERE i.referred_on <= DATE '1970-01-01' + e.last_of_quarter
        AND (i.referred_on >= DATE '1970-01-01' + (e.last_of_quarter - 365)
            OR (i.started_on <= DATE '1970-01-01' + e.last_of_quarter
                AND (i.ended_on IS NULL OR i.ended_on >= DATE '1970-01-01' + (e.last_of_quarter - 365))))
    GROUP BY e.person_key, e.period, i.pathway
), assessed AS (
    SELECT e.person_key, e.period, d.pathway
    FROM caseload_entry AS e
    JOIN need AS d ON d.person_key = e.person_key AND d.level <> 'none'
        AND d.assessed_on <= DATE '1970-01-01' + e.last_day AND d.assessed_on >= DATE '1970-01-01' + (e.last_day - 365)
    GROUP BY e.person_key, e.period, d.pathway
), known AS (
    SELECT e.person_key, e.period,
        coalesce(e.last_of_quarter >= (SELECT min(date_diff('day', DATE '1970-01-01', assessed_on)) FROM need), false) AS needs,
        coalesce(e.last_of_quarter >= (SELECT min(date_diff('day', DATE '1970-01-01', referred_on)) FROM intervention_spell), false) AS steps
    FROM caseload_entry AS e
)
SELECT c.cohort, c.period, c.person_key, p.pathway, c.sex, c.ethnicity, c.age_band, c.age_group, c.young_adult,
    c.home_district, c.managing_district, c.statutory, c.category, c.tier, c.strand, c.scheme,
    CASE WHEN k.needs THEN list_contains(c.need, p.pathway) END AS need,
    CASE WHEN k.steps THEN l.person_key IS NOT NULL END AS referred,
    CASE WHEN k.steps THEN coalesce(l.started, false) END AS started,
    CASE WHEN k.steps THEN coalesce(l.completed, false) END AS completed,
    CASE WHEN k.needs THEN f.person_key IS NOT NULL END AS found,
    CASE WHEN k.steps AND coalesce(l.completed, false) THEN l.gained WHEN k.steps THEN false END AS gained,
    CASE WHEN k.steps THEN l.person_key IS NOT NULL AND NOT coalesce(l.started, false) AND l.waiting END AS waiting,
    CASE WHEN k.steps THEN coalesce(l.started AND NOT coalesce(l.completed, false) AND l.ongoing, false) END AS ongoing
FROM caseload AS c
JOIN known AS k ON k.person_key = c.person_key AND k.period = c.period
CROSS JOIN pathway AS p
LEFT JOIN live AS l ON l.person_key = c.person_key AND l.period = c.period AND l.pathway = p.pathway
LEFT JOIN assessed AS f ON f.person_key = c.person_key AND f.period = c.period AND f.pathway = p.pathway
