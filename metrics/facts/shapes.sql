-- The derived tables of a store: what each fact's row is. All but cohort, period and follow_up are about people.

-- The cohorts of this store, those that its sources name included.
CREATE OR REPLACE TABLE cohort (
    id VARCHAR NOT NULL, title VARCHAR NOT NULL, people VARCHAR NOT NULL, entry VARCHAR NOT NULL, age VARCHAR NOT NULL,
    clock VARCHAR NOT NULL, district_dimension VARCHAR NOT NULL, follow_up_days INTEGER NOT NULL,
    waiting_days INTEGER NOT NULL, publish BOOLEAN NOT NULL, sort INTEGER NOT NULL,
    holds VARCHAR NOT NULL -- which reoffences its source has: every_reoffence or first_reoffence
);

-- Quarters, April to March years, three such years, and all: nested, never rolling.
CREATE OR REPLACE TABLE period (
    period VARCHAR NOT NULL, kind VARCHAR NOT NULL, label VARCHAR NOT NULL,
    start DATE NOT NULL, "end" DATE NOT NULL, parent VARCHAR
);

-- How far each cohort's follow-up has come in each period: complete, awaiting_proof or immature.
CREATE OR REPLACE TABLE follow_up (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, state VARCHAR NOT NULL, complete_on DATE NOT NULL
);

-- A person's entry into a cohort in a quarter, what they were like then, and what followed.
CREATE OR REPLACE TABLE index_event (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL,
    index_date DATE NOT NULL, index_kind VARCHAR NOT NULL,
    sex VARCHAR NOT NULL, ethnicity VARCHAR NOT NULL,
    age_band VARCHAR NOT NULL, age_group VARCHAR NOT NULL, young_adult VARCHAR NOT NULL,
    home_district VARCHAR NOT NULL, managing_district VARCHAR NOT NULL, offence_district VARCHAR NOT NULL,
    disposal VARCHAR NOT NULL, sentence_length VARCHAR NOT NULL, statutory VARCHAR NOT NULL, prior_band VARCHAR NOT NULL,
    category VARCHAR NOT NULL, tier VARCHAR NOT NULL, strand VARCHAR NOT NULL,
    scheme VARCHAR[] NOT NULL, need VARCHAR[] NOT NULL,
    reoffended BOOLEAN NOT NULL, reoffences BIGINT NOT NULL, reconviction_occasions BIGINT NOT NULL,
    acquisitive_reoffences BIGINT, severity DOUBLE, -- not known where no offence of the store has a Home Office code
    days_to_first INTEGER, days_observed INTEGER NOT NULL,
    days_in_custody INTEGER, days_at_liberty INTEGER, liberty_offences BIGINT,
    ogrs_category VARCHAR NOT NULL, ogrs_band VARCHAR NOT NULL, ogrs3 DOUBLE
);

-- A person on a scheme for a day or more in a quarter, as on their last day on it in that quarter.
CREATE OR REPLACE TABLE caseload (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL,
    sex VARCHAR NOT NULL, ethnicity VARCHAR NOT NULL, age_band VARCHAR NOT NULL, age_group VARCHAR NOT NULL, young_adult VARCHAR NOT NULL,
    home_district VARCHAR NOT NULL, managing_district VARCHAR NOT NULL, statutory VARCHAR NOT NULL,
    category VARCHAR NOT NULL, tier VARCHAR NOT NULL, strand VARCHAR NOT NULL,
    scheme VARCHAR[] NOT NULL, need VARCHAR[] NOT NULL, consent VARCHAR NOT NULL, rating VARCHAR NOT NULL,
    on_at_end BOOLEAN NOT NULL, in_custody_at_end BOOLEAN, days_on_scheme INTEGER NOT NULL, days_since_joining INTEGER NOT NULL,
    joined BOOLEAN NOT NULL, "left" BOOLEAN NOT NULL, left_desisted BOOLEAN NOT NULL, exit_reason VARCHAR NOT NULL,
    top_tier BOOLEAN, stepped_down BOOLEAN, stepped_up BOOLEAN, review_overdue BOOLEAN,
    free_six_months BOOLEAN, free_twelve_months BOOLEAN
);

-- A person on the caseload and one of the nine pathways, as at the quarter's end.
CREATE OR REPLACE TABLE pathway_step (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL, pathway VARCHAR NOT NULL,
    sex VARCHAR NOT NULL, ethnicity VARCHAR NOT NULL, age_band VARCHAR NOT NULL, age_group VARCHAR NOT NULL, young_adult VARCHAR NOT NULL,
    home_district VARCHAR NOT NULL, managing_district VARCHAR NOT NULL, statutory VARCHAR NOT NULL,
    category VARCHAR NOT NULL, tier VARCHAR NOT NULL, strand VARCHAR NOT NULL, scheme VARCHAR[] NOT NULL,
    need BOOLEAN, referred BOOLEAN, started BOOLEAN, completed BOOLEAN,
    found BOOLEAN, gained BOOLEAN, -- a need found in the 12 months, whatever was said later; the goal of what was completed
    waiting BOOLEAN, ongoing BOOLEAN -- not started and not lost; started, not completed and not over
);

-- A referral to a programme. While started is false, waited_days is a wait not yet over (censored).
CREATE OR REPLACE TABLE referral (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL, pathway VARCHAR NOT NULL, programme VARCHAR NOT NULL,
    provider VARCHAR NOT NULL, sector VARCHAR NOT NULL,
    sex VARCHAR NOT NULL, ethnicity VARCHAR NOT NULL, age_band VARCHAR NOT NULL, age_group VARCHAR NOT NULL, young_adult VARCHAR NOT NULL,
    home_district VARCHAR NOT NULL, managing_district VARCHAR NOT NULL, statutory VARCHAR NOT NULL,
    category VARCHAR NOT NULL, tier VARCHAR NOT NULL, strand VARCHAR NOT NULL, scheme VARCHAR[] NOT NULL,
    referred_on DATE NOT NULL, waited_days INTEGER NOT NULL, started BOOLEAN NOT NULL, completed BOOLEAN NOT NULL
);

-- A prison release, after a sentence or a recall, of a person on a scheme.
CREATE OR REPLACE TABLE prison_release (
    cohort VARCHAR NOT NULL, period VARCHAR NOT NULL, person_key VARCHAR NOT NULL,
    sex VARCHAR NOT NULL, ethnicity VARCHAR NOT NULL, age_band VARCHAR NOT NULL, age_group VARCHAR NOT NULL, young_adult VARCHAR NOT NULL,
    home_district VARCHAR NOT NULL, managing_district VARCHAR NOT NULL, statutory VARCHAR NOT NULL,
    category VARCHAR NOT NULL, tier VARCHAR NOT NULL, strand VARCHAR NOT NULL, scheme VARCHAR[] NOT NULL,
    release_date DATE NOT NULL, sentence_length VARCHAR NOT NULL, recall BOOLEAN NOT NULL, friday BOOLEAN NOT NULL,
    weekday VARCHAR NOT NULL, establishment VARCHAR NOT NULL, notice VARCHAR NOT NULL, -- notice: planned, unexpected, not_known
    unexpected BOOLEAN, date_notified BOOLEAN, date_changed BOOLEAN, police_told BOOLEAN
);
