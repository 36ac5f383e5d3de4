-- One row for each person on a scheme on the last day of a quarter, and whether an agency is named as having the lead for them on
-- any of the schemes that they are on: the people whom the caseload counts at the quarter's end. named is null for a register that
-- never names one: nothing can be said of it.
-- begins: scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE lead_professional ({described}, named BOOLEAN);
SELECT e.person_key, q.end_day AS day, CASE WHEN k.ever THEN bool_or(e.lead_agency IS NOT NULL) END AS named
FROM (
    SELECT x.person_key, x.lead_agency, CAST(date_diff('day', DATE '1970-01-01', x.start_date) AS INTEGER) AS start_day,
        coalesce(CAST(date_diff('day', DATE '1970-01-01', x.end_date) AS INTEGER), 1000000) AS end_day
    FROM scheme_episode AS x
) AS e
CROSS JOIN (SELECT count(lead_agency) > 0 AS ever FROM scheme_episode) AS k
JOIN (SELECT DISTINCT end_day FROM chosen_quarter WHERE cohort = 'lead_professionals') AS q ON e.start_day <= q.end_day AND q.end_day < e.end_day
GROUP BY e.person_key, q.end_day, k.ever;
