-- What followed each index event, for each length of follow-up and waiting that a chosen cohort has.

CREATE OR REPLACE TEMP TABLE followed AS
SELECT e.person, e.day, c.follow_up_days, c.waiting_days,
    CAST(greatest(0, least(c.follow_up_days, s.cutoff_day - e.day, coalesce(w.death_day, 1000000) - e.day)) AS INTEGER) AS days_observed
FROM (SELECT DISTINCT basis, person, day FROM entry) AS e
JOIN (SELECT DISTINCT basis, follow_up_days, waiting_days FROM chosen_cohort) AS c ON c.basis = e.basis
LEFT JOIN who AS w ON w.person = e.person
CROSS JOIN setting AS s
GROUP BY e.person, e.day, c.follow_up_days, c.waiting_days, s.cutoff_day, w.death_day;

-- A proven reoffence: committed on days 1 to follow-up after the index date, and proven within follow-up + waiting days of it.
CREATE OR REPLACE TEMP TABLE reoffence AS
WITH occasion AS (
    SELECT f.person, f.day, f.follow_up_days, f.waiting_days, p.occasion,
        count(*) AS reoffences, min(p.offence_day) AS first_day,
        max(CASE WHEN p.convicted THEN 1 ELSE 0 END) AS convicted,
        sum(CASE WHEN p.in_custody THEN 0 ELSE 1 END) AS liberty_offences
    FROM followed AS f
    JOIN proof AS p ON p.person = f.person
    WHERE p.offence_day > f.day AND p.offence_day <= f.day + f.follow_up_days AND p.proven_day <= f.day + f.follow_up_days + f.waiting_days
    GROUP BY f.person, f.day, f.follow_up_days, f.waiting_days, p.occasion
)
SELECT person, day, follow_up_days, waiting_days, CAST(sum(reoffences) AS BIGINT) AS reoffences, min(first_day) AS first_day,
    CAST(sum(convicted) AS BIGINT) AS occasions, CAST(sum(liberty_offences) AS BIGINT) AS liberty_offences
FROM occasion GROUP BY person, day, follow_up_days, waiting_days;

-- Midnights in custody on the days followed: a stay holds every midnight from its start to the one before its end.
CREATE OR REPLACE TEMP TABLE custody AS
SELECT f.person, f.day, f.follow_up_days, f.waiting_days,
    CAST(sum(least(t.end_day, f.day + f.days_observed + 1) - greatest(t.start_day, f.day + 1)) AS INTEGER) AS days_in_custody
FROM followed AS f JOIN stay AS t ON t.person = f.person
WHERE t.start_day <= f.day + f.days_observed AND t.end_day > f.day + 1
GROUP BY f.person, f.day, f.follow_up_days, f.waiting_days;

-- Occasions of sanction before the index event's own, or before custody began, or before the index date. An index offence
-- settles it at once; only entries without one need counting.
CREATE OR REPLACE TEMP TABLE entry_prior AS
SELECT e.basis, e.person, e.day, s.before
FROM entry AS e JOIN sanction AS s ON s.person = e.person AND s.occasion_day = e.occasion_day
UNION ALL
SELECT e.basis, e.person, e.day, max(s.before + s.on_day)
FROM entry AS e JOIN sanction AS s ON s.person = e.person AND s.occasion_day < coalesce(e.start_day, e.day)
WHERE e.occasion_day IS NULL
GROUP BY e.basis, e.person, e.day;
