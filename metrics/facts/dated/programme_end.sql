-- One row for each programme begun that ended, on the day that it did, whoever was referred: on a scheme or not, as in the
-- fact referral. gained: whether the provider says that its goal was met; null where nobody said.
-- begins: intervention_spell.ended_on
-- about: people
CREATE OR REPLACE TABLE programme_end (
    {described}, pathway VARCHAR NOT NULL, programme VARCHAR NOT NULL, provider VARCHAR NOT NULL, sector VARCHAR NOT NULL,
    completed BOOLEAN NOT NULL, gained BOOLEAN
);
SELECT i.person_key, CAST(i.ended_on - DATE '1970-01-01' AS INTEGER) AS day, i.pathway, i.programme,
    coalesce(p.provider, 'not_known') AS provider, coalesce(p.sector, 'not_known') AS sector,
    coalesce(i.outcome, '') = 'completed' AS completed, i.goal_met AS gained
FROM intervention_spell AS i
LEFT JOIN (SELECT programme, min(provider) AS provider, min(sector) AS sector FROM programme GROUP BY programme) AS p ON p.programme = i.programme
WHERE i.started_on IS NOT NULL AND i.ended_on IS NOT NULL
