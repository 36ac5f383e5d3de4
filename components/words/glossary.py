"""What the field's words mean, for a reader who meets them on a page. `tests/pages/test_glossary.py` holds them to use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase and what it means; `also` are other forms in which pages say it."""

    name: str
    meaning: str
    also: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Where the term stands on the Definitions page: 'word-index-date'."""
        return "word-" + "-".join("".join(c if c.isalnum() else " " for c in self.name.lower()).split())


GLOSSARY = (
    Term("Attribution", "The share of an effect that is this scheme's own, where several work with the same people."),
    Term("Breach", "Not keeping to what a court's order or a licence asks: staying away, moving without leave, drink or drugs.",
         ("breaches",)),
    Term("Break-even", "Where what a year cost has been met by the offences it averted. The share of the offences expected that "
         "must be prevented says how far away that is."),
    Term("Case conference", "The meeting at which agencies decide together what each does for a person."),
    Term("Case mix", "What kind of people a project works with. Costs are set against what the same people cost on average."),
    Term("Caseload", "Everybody on a scheme for one day or more in the quarter, in custody or at liberty."),
    Term("Cash", "Additional money alone: without lent posts, mainstream budgets and gifts in kind.", ("additional cash",)),
    Term("Category", "How closely IOM manages a person today: fixed (always selected), flex (selected by need) or free "
         "(selected locally).", ("fixed", "flex", "free")),
    Term("Caution", "A formal warning by the police after an admission. It counts as proof of an offence, as a conviction does."),
    Term("Co-located", "Working from the same place: posts lent by an agency to a shared office.", ("co-location", "sit together")),
    Term("Cohort", "The people whom a figure is about: those with an index event in the period, or on the scheme in it."),
    Term("Confidence interval", "The range within which the true figure lies, so far as chance alone goes: intervals made "
         "this way hold it 95 times in 100. Two figures are told apart only when their difference is.", ("95% interval",)),
    Term("Cut-off", "The last day that every source reaches. Nothing after it is counted.", ("data to",)),
    Term("Days at liberty", "Days of the follow-up not spent in custody at midnight. Nobody can reoffend in the community "
         "while in prison, so offences are also set against these days.", ("at liberty",)),
    Term("Deadweight", "Offences averted that would have been averted anyway. A comparison group has taken them off already."),
    Term("Denominator", "What a figure is a share of, or is counted for each of: the bottom of its fraction.",
         ("bottom of the fraction", "out of")),
    Term("Direction (polarity)", "Whether a lower or a higher figure is better, or neither.", ("direction", "polarity")),
    Term("Directory", "The list of programmes that people can be sent to: an entry for each programme and district.", ("entries", "entry")),
    Term("Displacement", "Averted offences that others commit instead."),
    Term("Disposal", "What a court or the police ordered for an offence: custody, a community order, a fine, a caution."),
    Term("District", "Three kinds, told apart on each page: the managing district (whose team manages the person), the home "
         "district (the last address before custody) and the offence district.", ("managing district", "home district")),
    Term("Final", "Follow-up and proof have run their course for everybody in the cohort; the figure will not grow."),
    Term("Fiscal", "Falling on public budgets: one part of what an offence costs, never added to the whole.", ("public budgets",)),
    Term("Fixed list", "People put on a list on one day and followed as one cohort: nobody joins it and nobody leaves it.",
         ("list of people fixed on one day",)),
    Term("Follow-up", "How long after the index date reoffending is counted: 12 months, or two years in the longer cohorts."),
    Term("Held", "Carried forward from an earlier release, because so few people changed that the change would tell of them."),
    Term("In kind", "Given as staff, rooms or goods and not as money."),
    Term("Index date", "The day of the index event, from which follow-up is counted."),
    Term("Index event", "What enters a person into a cohort: release from a custodial sentence, a conviction without custody, "
         "or a caution. The first in a quarter counts."),
    Term("Kaplan-Meier", "The standard way to draw how many have not yet reoffended, day by day, that allows for people who "
         "could not be followed to the end."),
    Term("Lead professional", "The one worker who leads for a person, whichever agency they come from. Records name the agency alone.",
         ("lead agency",)),
    Term("Link worker", "Somebody who keeps the way open to a service that does not come to case conferences."),
    Term("Mainstream", "Money and posts that would have been there without the scheme, and could have done other work."),
    Term("Managed", "On the scheme or programme for one day or more in the year."),
    Term("Multiplier", "How many offences are taken to stand behind each proven reoffence: 1 unless the partnership says otherwise."),
    Term("Need", "A difficulty on one of the nine pathways that an assessment found. One person may have several."),
    Term("Net present value", "Benefits less costs, all years in today's worth and in the prices of one year. Below 0 it is a loss."),
    Term("Open level", "Figures that anybody may see: counts rounded and small ones hidden.", ("open (protected)",)),
    Term("Opportunity cost", "All that was given, because it could have done other work: cash, mainstream money and gifts in kind.",
         ("all that was given",)),
    Term("Optimism bias", "Taken off benefits and added to costs, the more the weaker the evidence, because hopes run high."),
    Term("Partnership level", "Exact figures, for those inside the information-sharing agreement.", ("partnership (exact)",)),
    Term("Pathway", "One of nine kinds of help: from accommodation and health to substance misuse and finance."),
    Term("Payback", "How long until benefits have met the costs. It may be never."),
    Term("Payment by results", "A contract under which a provider is paid for a fall in reoffending, by a rule written beforehand."),
    Term("Pooled", "Several quarters taken together, so that there are people enough. Somebody may then count once a quarter."),
    Term("Price year", "The year whose prices an amount is in. Amounts of different years are compared in real terms.",
         ("real terms", "prices")),
    Term("Proven reoffence", "An offence committed within the follow-up and proven in court, or by a caution, before the "
         "waiting period ends."),
    Term("Provisional", "Follow-up is over but some cases may still be proven, so the figure is too low and will rise."),
    Term("Quarantined", "Set aside while loading, because the row breaks a rule: kept out of every figure, with its reason.",
         ("set aside",)),
    Term("Rated red, amber or green", "What the partners make of how far a person keeps to the scheme and of the risk, together: red "
         "is the worst.", ("rated red", "rating")),
    Term("Recall", "Being called back to prison from licence. It is executed when the person is back inside.", ("recalled", "recalls")),
    Term("Reconciles", "Every row of a file is accounted for: read = loaded + quarantined + exact duplicates."),
    Term("Reconviction event", "An occasion in court at which reoffences were convicted. Offences sentenced together are one, and a"
         " caution is none."),
    Term("Release", "A frozen set of figures, published together. A release of a person is called a prison release."),
    Term("Reoffences per 100 people", "All proven reoffences for each 100 people in the cohort: how much, not how many people."),
    Term("Reoffending rate", "The share of people with one proven reoffence or more. Each person counts once."),
    Term("Required contact", "An appointment that a person on the scheme must keep: with probation, the police or a service."),
    Term("Restricted mean", "The average of days free of reoffending, each person counted up to the end of follow-up and no "
         "further."),
    Term("Room", "How many people programmes could start in the next 13 weeks: free places, and those that come free."),
    Term("Scheme", "An arrangement under which agencies manage people together: IOM, and those it grew from or works beside."),
    Term("Serious acquisitive crime", "Burglary of a home, robbery, and theft of or from a vehicle.", ("serious acquisitive",)),
    Term("Set-up", "Paid once, before anybody was helped: shown, and left out of break-even."),
    Term("Severity", "How grave an offence is: a weight from the sentences that courts pass for such offences. A shop theft has "
         "about 12 points, a burglary of a home about 465."),
    Term("Single cohort", "Everybody whom the partnership manages, on whatever scheme, counted once and by one rule."),
    Term("Statutory", "Under supervision that a court ordered, on an order or on licence, rather than by consent."),
    Term("Strand", "What a scheme aims at with a person: prevent and deter, catch and control, or rehabilitate and resettle."),
    Term("Suppressed", "Hidden to protect people: the count, or one that could be worked out from it, is too small.",
         ("hidden to protect people",)),
    Term("Target", "What the partnership has set itself. A figure misses it only when its whole interval lies beyond."),
    Term("Threshold", "The score from which a district considers a person for the scheme. Districts set their own."),
    Term("Tier", "How intensely a scheme works with a person: the top tier most.", ("top tier",)),
    Term("Unexpected", "Of a prison release: on another day than the prison had told its partners seven days before."),
    Term("Unit cost", "What one offence costs: to the victim, to public services and to others, taken together."),
    Term("Waiting period", "The further six months allowed for an offence in the follow-up to be proven.", ("for proof",)),
    Term("Warrant", "A court's order to arrest somebody who did not come. It is executed when they are arrested.", ("warrants",)),
    Term("Withheld", "Not published: a group, or everybody outside it, has fewer than 10 people."),
)  # fmt: skip
