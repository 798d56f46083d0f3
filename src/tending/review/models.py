"""Reviews: what people did about signals. Every state is a row with who, when and why; nothing is overwritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """A structured case review about one person, opened by signals."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    template = models.CharField(max_length=60, default="case-review")
    template_version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["person", "opened_at"]), models.Index(fields=["team", "opened_at"])]


class ReviewSignal(models.Model):
    """The signals a review answers. A signal is answered once."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="signals")
    signal = models.OneToOneField("notice.Signal", on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()


class UnownedSignal(models.Model):
    """Nobody in the whole provider could be named for this signal. An administrator must see it until somebody is."""

    signal = models.OneToOneField("notice.Signal", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)


class StateRow(models.Model):
    """One state of one thing, from when until when, by whom and why. Exactly one row has not been left."""

    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # No account: the clock did it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)

    class Meta:
        abstract = True


class ReviewState(StateRow):
    """Owner, severity and clocks are part of the state: there is no instant without one named person, and a
    deadline that moved is a row of its own. Only a more pressing signal moves a clock, and only to earlier."""

    class State(models.TextChoices):
        OPENED = "OPENED", _("Opened")
        UNDER_WAY = "UNDER_WAY", _("Under way")
        ACTING = "ACTING", _("Acting")
        CLOSED = "CLOSED", _("Closed")
        LOOKED_BACK = "LOOKED_BACK", _("Looked back")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=12, choices=State.choices)
    owner = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=8)
    respond_by = models.DateTimeField()  # by when somebody must have begun
    close_by = models.DateTimeField()  # by when every action should be finished

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(left_at__isnull=True), name="one_current_review_state"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], condition=Q(left_at__isnull=True), name="review_owner_now"),
            models.Index(fields=["state", "respond_by"], condition=Q(left_at__isnull=True), name="review_clock_now"),
        ]


class Participant(models.Model):
    """A seat at the table: which role, and whether the review may close without it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="participants")
    role = models.CharField(max_length=20)  # a staff role, or PERSON
    required = models.BooleanField()
    added_at = models.DateTimeField()
    token = models.CharField(max_length=60, unique=True)  # of the form that added it: sent twice, added once


class ParticipantState(StateRow):
    """Who sits there is part of the state; nobody named yet is said, not hidden."""

    class State(models.TextChoices):
        INVITED = "INVITED", _("Invited")
        TOOK_PART = "TOOK_PART", _("Took part")
        EXCUSED = "EXCUSED", _("Excused")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=12, choices=State.choices)
    staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(left_at__isnull=True),
                name="one_current_participant_state",
            ),
        ]


class Entry(models.Model):
    """What somebody wrote in one section of the template. A later entry of the same section counts."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="entries")
    section = models.CharField(max_length=40)
    text = models.TextField()
    prefilled = models.JSONField(default=dict)  # what the record showed when it was written
    nothing_to_add = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=60, unique=True)


class Action(models.Model):
    """Something somebody does for the person, with an owner and a deadline."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=24)  # SAME_DAY_OUTREACH, SAFETY_PLAN, CARE_PLAN, PARTNER, OTHER
    what = models.TextField()
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=60, unique=True)


class ActionState(StateRow):
    """Owner and deadline are part of the state: a new deadline is a new row with a reason."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To do")
        DONE = "DONE", _("Done")
        DECLINED = "DECLINED", _("Not done, with a reason")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=10, choices=State.choices)
    owner = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action"], condition=Q(left_at__isnull=True), name="one_current_action_state"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(left_at__isnull=True), name="action_owner_now"),
        ]


class Decision(models.Model):
    """A decision of a kind that names the role which may take it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=40)
    what = models.TextField()
    reason = models.TextField()
    may_decide = models.JSONField()  # the roles that had the right when it was proposed
    proposed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=60, unique=True)


class DecisionState(StateRow):
    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Waiting for authority")
        TAKEN = "TAKEN", _("Decided")
        REFUSED = "REFUSED", _("Not agreed")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=10, choices=State.choices)
    with_staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(left_at__isnull=True), name="one_current_decision_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["with_staff", "due_at"], condition=Q(left_at__isnull=True), name="decision_with_now"
            ),
        ]


class Escalation(models.Model):
    """The clock passed a deadline: who was told, at which step of the ladder. Each step happens once."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="escalations")
    subject = models.CharField(max_length=40)  # RESPONSE, CLOSE, ACTION:12, DECISION:3, LOOK_BACK
    step = models.IntegerField()
    to = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    deadline = models.DateTimeField()  # the deadline that was passed
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "subject", "deadline", "step"], name="one_escalation_a_step"),
        ]
        indexes = [models.Index(fields=["to", "at"])]


class LookBack(models.Model):
    """Thirty days on: what followed, in words, and whether it helped."""

    class Followed(models.TextChoices):
        BETTER = "BETTER", _("Better")
        SAME = "SAME", _("About the same")
        WORSE = "WORSE", _("Worse")
        NOT_KNOWN = "NOT_KNOWN", _("Not known yet")

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="look_back")
    due_date = models.DateField()
    followed = models.CharField(max_length=10, choices=Followed.choices, blank=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["due_date"], condition=Q(at__isnull=True), name="look_back_waiting")]
