"""包靠: a hard matter gets a leader by name and the secretary of its community, with steps and dates."""

from django.db import models
from django.db.models import Q

from huiyin.cooperation.models.base import OfCase, staffer


class ChampionOutcome(models.TextChoices):
    SOLVED = "solved", "攻下了"
    STEADY = "steady", "稳住了，转常态"
    CHANGED = "changed", "换人包靠"
    ENDED = "ended", "事项已结束"


class Champion(OfCase):
    """Who stands behind a hard matter until it is solved; one at a time for each matter."""

    leader = staffer("包靠领导", null=False)
    leader_title = models.CharField("领导职务", max_length=80)
    secretary = staffer("社区书记")
    secretary_title = models.CharField("书记职务", max_length=80, blank=True)
    goal = models.TextField("办到什么程度")
    due_on = models.DateField("哪天前攻下")
    named_at = models.DateTimeField("定下")
    named_by = staffer("何人定", null=False)
    ended_at = models.DateTimeField("销号", null=True)
    ended_by = staffer("销号人")
    outcome = models.CharField("结果", max_length=10, choices=ChampionOutcome, blank=True)
    outcome_text = models.TextField("结果说明", blank=True)

    class Meta:
        verbose_name = "包靠"
        constraints = [
            models.UniqueConstraint("office", "case", condition=Q(ended_at=None), name="champion_one")
        ]
        indexes = [models.Index("office", "leader", "ended_at", name="champion_leader")]

    def __str__(self):
        return self.leader.name


class ChampionStep(OfCase):
    """One step (包靠措施) with its day; done when the leader or the secretary says what came of it."""

    champion = models.ForeignKey(Champion, models.PROTECT, related_name="steps")
    text = models.CharField("做什么", max_length=200)
    due_on = models.DateField("哪天前")
    done_at = models.DateTimeField("做完", null=True)
    done_by = staffer("谁报的")
    done_text = models.TextField("进展", blank=True)

    class Meta:
        verbose_name = "包靠措施"
        indexes = [models.Index("office", "due_on", name="champion_step_due", condition=Q(done_at=None))]

    def __str__(self):
        return self.text[:12]
