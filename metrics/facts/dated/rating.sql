-- One row for each red, amber or green rating of a person on a scheme.
-- begins: rag_rating.rated_on, scheme_episode.start_date
-- about: people
-- improved, worsened: set against the rating before it in the same stint, null for the first. at_liberty: not in custody that
-- night, null without a prison extract. reoffended: a recordable offence on days 1 to 365 after, proven by day 548, as after an
-- index event.
CREATE OR REPLACE TABLE rating ({described}, rating VARCHAR NOT NULL, improved BOOLEAN, worsened BOOLEAN, at_liberty BOOLEAN, reoffended BOOLEAN NOT NULL);
WITH given AS (
    SELECT r.person_key, CAST(r.rated_on - DATE '1970-01-01' AS INTEGER) AS day, r.overall, t.start_day,
        CASE r.overall WHEN 'red' THEN 1 WHEN 'amber' THEN 2 ELSE 3 END AS standing,
        row_number() OVER (PARTITION BY r.person_key, r.rated_on ORDER BY CASE r.overall WHEN 'red' THEN 1 WHEN 'amber' THEN 2 ELSE 3 END) AS place
    FROM rag_rating AS r
    JOIN stint AS t ON t.person_key = r.person_key AND t.start_day <= r.rated_on - DATE '1970-01-01' AND r.rated_on - DATE '1970-01-01' < t.end_day
), followed AS (
    SELECT g.*, lag(g.standing) OVER (PARTITION BY g.person_key, g.start_day ORDER BY g.day) AS before
    FROM given AS g WHERE g.place = 1
)
SELECT f.person_key, f.day, f.overall AS rating, f.standing > f.before AS improved, f.standing < f.before AS worsened,
    CASE WHEN k.first_day <= f.day THEN NOT EXISTS (
        SELECT 1 FROM stay AS t WHERE t.person_key = f.person_key AND t.start_day <= f.day AND f.day < t.end_day
    ) END AS at_liberty,
    EXISTS (
        SELECT 1 FROM proof AS p WHERE p.person_key = f.person_key AND p.offence_day > f.day AND p.offence_day <= f.day + 365
            AND p.proven_day <= f.day + 548
    ) AS reoffended
FROM followed AS f
CROSS JOIN (SELECT min(CAST(start_date - DATE '1970-01-01' AS INTEGER)) AS first_day FROM custody_spell) AS k;
