"""One comparison on a page: its verdict, what it rests on, and how far the answer moves."""

from components import evidence, markup, page, verdicts
from components.evidence import Case


def answer(case: Case) -> None:
    """The verdict: a mark, how strong the evidence is, and one sentence."""
    page.show(evidence.verdict_line(case))
    page.answer(verdicts.verdict(case.about, case.headline))


def of_100(case: Case) -> None:
    """The verdict's figures: of 100 typical people, in both groups."""
    main = case.headline
    if main is not None and main["treated"] is not None:
        page.show(evidence.hundred(case))
        page.show(markup.paragraphs([verdicts.of_100(case.about, main), verdicts.luck(main)]))


def behind(case: Case) -> None:
    """What stands behind the verdict: outcomes, who is compared and how alike they are, other ways, and how soon."""
    about, main = case.about, case.headline
    if main is not None and main["treated"] is not None:
        page.heading("What differed?", "People who took part, beside people like them who did not; 95% intervals.")
        page.show(evidence.outcomes(case))
        page.show(markup.details("Show every figure as a table", evidence.effects_table(case)))

    page.heading("Who is compared?", verdicts.flow(case.flow))
    page.show(evidence.flow_table(case))

    if case.balance:
        page.heading("Are the two groups alike?", verdicts.balance(evidence.worst_after(case.balance)))
        page.show(evidence.love_plot(case))
        page.show(markup.details("Show every covariate as a table", evidence.balance_table(case)))
    if case.support:
        page.chart(evidence.support(case.support), evidence.alt_support(case.support), "support")
        page.show(markup.details("Show these figures as a table", evidence.support_table(case)))

    if case.other_ways:
        page.heading("How far does the answer move?", verdicts.moves(case.headline, case.other_ways))
        page.show(evidence.specifications(case))
    page.show(markup.paragraphs(verdicts.unseen(about["verdict"], case.sensitivity)))

    if case.effect_curves:
        page.heading("How soon did people reoffend?", "Share who had reoffended by each day, with 95% intervals.")
        page.chart(
            evidence.arms(case.effect_curves, about["outcome_days"]), evidence.alt_arms(case.effect_curves), "arms"
        )
        page.show(markup.details("Show these figures as a table", evidence.arms_table(case)))
