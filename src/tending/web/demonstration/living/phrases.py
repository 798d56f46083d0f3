"""What staff at the demonstration provider write. Plain, about what happened, and always about what comes next.

English, as records are kept in the language of those who keep them: a demonstration's words are not translated.
"""

SCORE, MISSED, CRISIS, HOUSING, RISK = "SCORE", "MISSED", "CRISIS", "HOUSING", "RISK"
DISCHARGE, SILENCE, MEASURE, GOALS = "DISCHARGE", "SILENCE", "MEASURE", "GOALS"

# By a trigger's condition: what a review that it opened is mostly about.
THEMES = {
    "score_worsening": SCORE,
    "combination": SCORE,
    "missed_visits": MISSED,
    "crisis_contacts": CRISIS,
    "housing_instability": HOUSING,
    "risk_answer": RISK,
    "not_seen_after_discharge": DISCHARGE,
    "no_contact": SILENCE,
    "measure_overdue": MEASURE,
    "goal_ratings_falling": GOALS,
}

# An empty text means that there was nothing to add.
SECTIONS = {
    "ENGAGEMENT": (
        "Comes when the visit is in the afternoon; mornings are hard since the new tablets.",
        "Two buses each way. A video visit every other week would halve the travel.",
        "Works shifts that change each week, so a fixed hour does not hold.",
        "Trust with the worker is good. What gets in the way is childcare, not willingness.",
        "Likes to be called the evening before. That is what made the last visits happen.",
        "Feels that visits repeat themselves. Wants to work on one thing at a time.",
        "",
    ),
    "ADHERENCE": (
        "Takes the tablets most days; stopped for a week when the prescription ran out.",
        "Says the dose makes them tired at work. The prescriber has been asked to look at it.",
        "Still wants therapy and does the exercises between visits about half the time.",
        "Side effects are better since the change. No missed doses in the last two weeks.",
        "Wants to try without medication. Agreed to talk it through with the prescriber first.",
        "",
    ),
    "RISK": (
        "Asked directly and answered calmly: no thoughts of dying. Sleep is what we watch.",
        "What protects: two children, the choir, and a neighbour with a key.",
        "No change in risk since the last visit.",
        "Nothing that worries us about safety; drinking is what they watch themselves.",
        "",
    ),
    "CONTACTS": (
        "Seen by us as the record says; primary care has them next for blood results.",
        "The next visit is confirmed by text.",
        "Comes to the open group as well, which the record does not count.",
        "",
    ),
    "PERSON": (
        "“I did not think anybody would notice. I am glad you called.”",
        "“It is the money. When that is sorted I sleep.”",
        "“I want to get back to the garden before the spring.”",
        "“Talk less about my mood and more about my boy.”",
        "“Mornings are the worst. After lunch I can do things.”",
        "“The group helps more than I thought it would.”",
        "“I would rather see the same person each time.”",
        "Not asked yet: the worker who knows them best does so at the next visit.",
    ),
    "UNCERTAIN": (
        "Answers on paper came late, so the last weeks may look emptier than they were.",
        "Their own account and the figures differ a little. We trust the account and ask again in two weeks.",
        "Whether the tiredness is the tablets or the mood is open; the prescriber's visit should tell.",
        "We have heard one side. The coordinator asks the family, with the person's word.",
        "",
    ),
}

# What is written when the review is about just that.
ABOUT = {
    ("ENGAGEMENT", MISSED): (
        "Phone was out of credit for ten days; texts did not arrive. A new number is in the record.",
        "The visits fell on shifts. They thought we had been told.",
    ),
    ("ENGAGEMENT", SILENCE): (
        "We lost each other between two workers. The next visit has a name on it now.",
        "Moved in with a cousin across the county; the journey is what stopped it.",
    ),
    ("RISK", RISK): (
        "Thoughts come and go in the evenings, no plan. Their sister knows and can be called.",
        "Has thoughts of not being here, would not act on them, and says why: the children.",
        "The safety plan was old; two of the people named in it have moved away.",
    ),
    ("RISK", CRISIS): (
        "Knows the crisis line and has used it well. The safety plan is on the fridge.",
        "Evenings after pay day are the risk. We know that now and plan for them.",
    ),
    ("RISK", HOUSING): (
        "Sleeps badly where they are; feels safe there by day. No thoughts of dying.",
        "Feels safe since the lock was changed. The arrears are what keeps them awake.",
    ),
    ("CONTACTS", SILENCE): ("Nobody of ours has met them in a month. The peer worker goes on Thursday.",),
    ("CONTACTS", CRISIS): ("The crisis line called back the next morning, and we called after that.",),
    ("CONTACTS", DISCHARGE): (
        "Hospital social worker and we have not spoken together yet. A call is set up.",
        "The ward sent its letter to the old address; we had it days late.",
    ),
    ("CONTACTS", HOUSING): ("The housing adviser and we have not spoken together yet. A call is set up.",),
    ("PERSON", MISSED): ("“I stopped coming because I felt I was letting you down.”",),
    ("PERSON", SCORE): ("Says the score is right, and that two bad weeks do not undo the summer.",),
    ("UNCERTAIN", SCORE): (
        "The score rose in a week when much else happened. We ask again before changing much.",
        "Two measures point different ways. The person's own account fits the better one.",
    ),
    ("UNCERTAIN", MISSED): ("We do not know whether the missed visits were about us or about the buses.",),
    ("UNCERTAIN", DISCHARGE): ("Not clear who told the hospital about the change of address. The coordinator asks.",),
}

JOINED = (
    "Another signal came while we were working on this. It fits what we know and changes the order, not the plan.",
    "The new signal is the same story seen from another side; nothing further to do about it alone.",
    "Read the new signal together: it makes the call this week more important.",
)

EXCUSED = (
    "On leave this week; has read the summary and agrees with the plan.",
    "Has not met the person yet; joins at the look-back.",
    "Covering another team today; heard the outcome by phone.",
)
NOBODY = "Nobody holds this place for the person at present; the owner has done both parts."

# By kind of action: what is to be done, and what came of it.
ACTIONS = {
    "SAME_DAY_OUTREACH": (
        (
            "Call this afternoon, and go by if there is no answer",
            "Reached on the second call. Is safe, was worn out. Visit tomorrow at two.",
        ),
        (
            "Text first, as they asked, then call at five",
            "Texted back within the hour and wants to come on Thursday.",
        ),
        (
            "Call the number of the sister given in the plan",
            "The sister answered, passed the phone on; we spoke for ten minutes.",
        ),
        (
            "Knock at the door with the peer worker",
            "Talked on the doorstep for a quarter of an hour. Next visit at home.",
        ),
    ),
    "SAFETY_PLAN": (
        (
            "Go through the safety plan together, with the people named in it",
            "Renewed. Two new names, one place to go, and the line's number in the phone.",
        ),
        (
            "Ask about means at home and agree what changes",
            "The tablets are now with the neighbour, given out by the week. Agreed in writing.",
        ),
        (
            "Write the safety plan on one page to keep by the phone",
            "Written in their own words. A photo is on the phone.",
        ),
    ),
    "CARE_PLAN": (
        (
            "Weekly visits for six weeks, in the afternoon",
            "Agreed and in the plan. The first three are booked.",
        ),
        (
            "Change the focus to sleep and mornings for a month",
            "Agreed. A sleep diary is begun, and we look at it each visit.",
        ),
        (
            "Every other visit by video, to save the journey",
            "Tried once, works on the phone. Goes on like this.",
        ),
        (
            "Bring the goals up to date with the person",
            "One goal kept, one put away, one new: back to the allotment by May.",
        ),
        ("Ask the prescriber to look at the dose", "Dose lowered; checked again in two weeks."),
    ),
    "PARTNER": (
        (
            "Agree with the hospital who sees them first after a stay",
            "The ward calls us before discharge from now on.",
        ),
        ("Speak with the housing adviser about the arrears", "A payment plan is agreed; no notice will be served."),
        ("Ask the crisis line to tell us the next morning", "They will, with the person's consent in the record."),
        ("Ask primary care about the blood results", "Results are in order. A copy is on its way."),
        (
            "Find a place for two weeks while the flat is repaired",
            "A room from Monday; the key is with the coordinator.",
        ),
    ),
    "OTHER": (
        ("Ask for the overdue questionnaire at the next visit", "Filled in on the tablet in the waiting room."),
        ("Bring to the open group on Wednesday", "Came, stayed to the end, and knows two people there now."),
        (
            "Look at bus times and the travel card with them",
            "Travel card applied for; until then we send a taxi voucher.",
        ),
        ("Ask which day suits and move the fixed visit", "Thursdays at four suit; moved."),
    ),
}

DECLINED = (
    "No longer needed: they came by themselves before we had called.",
    "The person prefers to wait until after the holidays; we ask again at the next visit.",
    "Somebody else did it first; we heard from primary care the same day.",
    "Tried three times at different hours. The outreach team goes on with it.",
)

# By kind of decision: what is proposed, why, what is said when agreed, and when not.
DECISIONS = {
    "PEER_SUPPORT": (
        "A peer worker joins for three months",
        "They come when somebody comes with them, and asked for it by themselves.",
        "Agreed. There is room from next week.",
        "Not now: the group on Wednesdays first, then we see.",
    ),
    "STEP_UP": (
        "Day programme for four weeks",
        "It has become harder in a short time, and evenings alone are the worst of it.",
        "Agreed; the place is free from Monday.",
        "Not yet: daily calls for a week first, and we meet again on Friday.",
    ),
    "CHANGE_OF_TEAM": (
        "Another practitioner in the same team",
        "They asked for somebody nearer their own age, and there is somebody.",
        "Agreed; the two meet the person together for the change.",
        "Not yet: an interpreter at the next two visits, then we ask again.",
    ),
}

CLOSED = (
    "In touch again, plan changed, next visits booked.",
    "The plan fits again. The person knows whom to call.",
    "What we agreed is done. We look again in a month.",
    "Partners have done their part; visits go on as planned.",
    "Less was wrong than the signal said; still worth the call.",
)

# What followed, by what the record shows; with the numbers where there are two to compare.
FOLLOWED = {
    "BETTER": (
        "Better, and comes to visits. {numbers}",
        "Working towards the goals again. {numbers}",
        "Steadier since the change. {numbers}",
    ),
    "SAME": (
        "About as it was. {numbers} We keep the plan and ask again.",
        "Holding, not yet easier. {numbers} The worker brings it to supervision.",
    ),
    "WORSE": (
        "Harder than a month ago. {numbers} We meet again about it on Thursday.",
        "Not better yet. {numbers} We change the plan with the person this week.",
    ),
    "NOT_KNOWN": (
        "Too little since then to say. We ask for the measures at the next visit.",
        "Nothing measured since. Spoke on the phone, sounded well.",
    ),
}
