-- One row for each decision of a selection meeting: to select or not, to keep or to de-select.
-- begins: selection_decision.decided_on
-- about: people
-- These need not be on a scheme. proposed_by: the agency that proposed them. A score decides on joining a scheme when, of those whom it selected who were on none, most joined
-- one within 92 days: others (a provider's own list) are left out. decided: how the decision stands to the score. differs: it is not
-- what the score alone would give, null without both score and threshold, or where the decision is of another kind. followed: at
-- liberty that day, or released within 183 days, null without a prison extract. reoffended: a recordable offence on days 1 to 365
-- after that day, or after that release, proven by day 548.
CREATE OR REPLACE TABLE selection ({described}, decision VARCHAR NOT NULL, proposed_by VARCHAR NOT NULL, decided VARCHAR NOT NULL, differs BOOLEAN, followed BOOLEAN, reoffended BOOLEAN NOT NULL);
WITH made AS (
    SELECT d.person_key, CAST(d.decided_on - DATE '1970-01-01' AS INTEGER) AS day, coalesce(d.score_version, '') AS version,
        d.decision, coalesce(d.proposing_agency, 'not_known') AS proposed_by,
        d.score >= d.threshold AS above
    FROM selection_decision AS d
), follows AS (
    SELECT m.version, m.person_key, m.day, EXISTS (
        SELECT 1 FROM stint AS t WHERE t.person_key = m.person_key AND t.start_day >= m.day AND t.start_day <= m.day + 92
    ) AS joined
    FROM made AS m
    WHERE m.decision = 'selected'
        AND NOT EXISTS (SELECT 1 FROM stint AS t WHERE t.person_key = m.person_key AND t.start_day < m.day AND m.day < t.end_day)
), deciding AS (
    SELECT version FROM follows GROUP BY version HAVING count(*) FILTER (joined) * 2 > count(*)
), free AS (
    SELECT m.person_key, m.day, coalesce(max(t.end_day), m.day) AS from_day
    FROM (SELECT DISTINCT person_key, day FROM made) AS m
    LEFT JOIN stay AS t ON t.person_key = m.person_key AND t.start_day <= m.day AND m.day < t.end_day
    GROUP BY m.person_key, m.day
)
SELECT m.person_key, m.day, m.decision, m.proposed_by,
    CASE WHEN m.above AND m.decision = 'selected' THEN 'above_selected' WHEN m.above AND m.decision = 'not_selected' THEN 'above_not_selected'
        WHEN NOT m.above AND m.decision = 'selected' THEN 'below_selected' WHEN NOT m.above AND m.decision = 'not_selected' THEN 'below_not_selected'
        ELSE 'none' END AS decided,
    CASE m.decision WHEN 'selected' THEN NOT m.above WHEN 'not_selected' THEN m.above END AS differs,
    CASE WHEN k.first_day <= m.day THEN f.from_day <= m.day + 183 END AS followed,
    EXISTS (
        SELECT 1 FROM proof AS p WHERE p.person_key = m.person_key AND p.offence_day > f.from_day AND p.offence_day <= f.from_day + 365
            AND p.proven_day <= f.from_day + 548
    ) AS reoffended
FROM made AS m
JOIN deciding AS v ON v.version = m.version
JOIN free AS f ON f.person_key = m.person_key AND f.day = m.day
CROSS JOIN (SELECT min(CAST(start_date - DATE '1970-01-01' AS INTEGER)) AS first_day FROM custody_spell) AS k;
