-- The days on which to ask where people are: the cut-off for those with a referral, and the days of the last 364 on which they were
-- referred or started.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT DISTINCT person_key, on_day FROM (
    SELECT i.person_key, s.cutoff AS on_day FROM intervention_spell AS i CROSS JOIN setting AS s WHERE i.referred_on <= s.cutoff
    UNION ALL SELECT i.person_key, i.referred_on FROM intervention_spell AS i CROSS JOIN setting AS s
        WHERE i.referred_on <= s.cutoff AND i.referred_on > s.cutoff - 364
    UNION ALL SELECT i.person_key, i.started_on FROM intervention_spell AS i CROSS JOIN setting AS s
        WHERE i.started_on <= s.cutoff AND i.started_on > s.cutoff - 364
) AS days;
